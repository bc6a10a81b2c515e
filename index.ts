import * as pulumi from "@pulumi/pulumi";
import { readTenantConfig } from "./components/config/tenant.ts";
import { OktaIntegration } from "./components/oktaIntegration/index.ts";
import { resolvePushGroups } from "./components/oktaIntegration/pushGroups.ts";
import { ScimDirectory } from "./components/scimDirectory/index.ts";

const config = readTenantConfig();
const pushed = await resolvePushGroups(config.pushGroups, config.assignmentGroup);

const { endpoint } = config;
const scim =
  endpoint.kind === "managed"
    ? new ScimDirectory(config.tenant, { ...config, domain: endpoint.domain })
    : { baseUrl: endpoint.baseUrl, token: pulumi.secret(endpoint.token) };

const integration = new OktaIntegration(
  config.tenant,
  {
    ...config,
    pushGroups: pushed,
    mappedAttributes: config.attributeMapping ? config.attributes : undefined,
    baseUrl: scim.baseUrl,
    protect: config.stage === "production",
  },
  // On destroy Okta deletes pushed groups and deactivates people through the service, so the service goes last.
  scim instanceof ScimDirectory ? { dependsOn: [scim] } : {},
);

export const scimBaseUrl = scim.baseUrl;
export const scimToken = scim.token;
export const scimAuthorization = pulumi.secret(pulumi.interpolate`Bearer ${scim.token}`);
export const oktaAppId = integration.appId;
export const assignmentGroupId = integration.assignmentGroupId;
export const pushGroups = integration.pushGroups;
export const connection = config.connection;
export const nextSteps = integration.nextSteps;
