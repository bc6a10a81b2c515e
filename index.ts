import * as pulumi from "@pulumi/pulumi";
import { readTenantConfig } from "./components/config.ts";
import { OktaIntegration } from "./components/oktaIntegration/index.ts";
import { resolvePushGroups } from "./components/oktaIntegration/pushGroups.ts";
import { ScimDirectory } from "./components/scimDirectory/index.ts";

const config = readTenantConfig();
const pushed = await resolvePushGroups(config.pushGroups, config.assignmentGroup);

const directory =
  config.endpoint.kind === "managed"
    ? new ScimDirectory(config.tenant, { ...config, domain: config.endpoint.domain })
    : undefined;
const endpoint =
  config.endpoint.kind === "managed"
    ? directory
    : { baseUrl: pulumi.output(config.endpoint.baseUrl), token: pulumi.secret(config.endpoint.token) };

const integration = new OktaIntegration(
  config.tenant,
  {
    ...config,
    pushGroups: pushed,
    mappedAttributes: config.attributeMapping ? config.attributes : undefined,
    baseUrl: endpoint?.baseUrl ?? "",
    protect: config.stage === "production",
  },
  // On destroy Okta deletes pushed groups and deactivates people through the service, so the service goes last.
  directory ? { dependsOn: [directory] } : {},
);

export const scimBaseUrl = endpoint?.baseUrl;
export const scimToken = endpoint?.token;
export const scimAuthorization = endpoint && pulumi.secret(pulumi.interpolate`Bearer ${endpoint.token}`);
export const oktaAppId = integration.appId;
export const assignmentGroupId = integration.assignmentGroupId;
export const pushGroups = integration.pushGroups;
export const connection = config.connection;
export const nextSteps = integration.nextSteps;
