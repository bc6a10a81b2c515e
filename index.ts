import * as pulumi from "@pulumi/pulumi";
import { orRefuse } from "./components/config/refusal.ts";
import { readStackState } from "./components/config/stackState.ts";
import { parseTenantConfig } from "./components/config/tenant.ts";
import { byHand, checkHandover } from "./components/oktaIntegration/byHand.ts";
import { OktaIntegration } from "./components/oktaIntegration/index.ts";
import { overlapOf } from "./components/oktaIntegration/overlap.ts";
import { findTenantGroups } from "./components/oktaIntegration/tenantGroups.ts";
import { checkGenerations } from "./components/scimDirectory/generations.ts";
import { signedSince } from "./components/scimDirectory/signingKeysInUse.ts";
import { ScimDirectory } from "./components/scimDirectory/index.ts";

const stack = pulumi.getStack();
const config = await orRefuse(() => parseTenantConfig(pulumi.runtime.allConfig(), stack));
const { endpoint } = config;
const managesOkta = config.oktaHalf === "managed";
const last = await readStackState();
const today = new Date().toISOString().slice(0, "2026-11-26".length);
if (endpoint.kind === "managed") await orRefuse(() => checkGenerations(config, last, stack, today));
// Before any resource, so that nothing is created for groups that cannot be pushed.
const groups = managesOkta ? await orRefuse(() => findTenantGroups(config, last, stack)) : undefined;
if (!managesOkta) await orRefuse(() => checkHandover(config.tenant, last, stack));

const scim =
  endpoint.kind === "managed"
    ? new ScimDirectory(config.tenant, {
        attributes: config.attributes,
        throttle: config.throttle,
        tokenGeneration: config.tokenGeneration,
        acceptPreviousToken: config.acceptPreviousToken,
        readers: config.readers,
        events: config.events,
        signedSince: signedSince(config, last, today),
        stage: config.stage,
        domain: endpoint.domain,
        reservedConcurrency: config.reservedConcurrency,
        alarms: config.alarms,
      })
    : { baseUrl: endpoint.baseUrl, token: pulumi.secret(endpoint.token) };

const overlap = overlapOf(config);
const integration = groups
  ? new OktaIntegration(
      config.tenant,
      {
        app: { ...config.app, endpoint: endpoint.kind },
        connection: config.connection,
        provisioning: config.provisioning,
        assignmentGroup: groups.assignmentGroup,
        pushGroups: groups.pushGroups,
        groupRules: config.groupRules,
        mappedAttributes: config.attributeMapping ? config.attributes : undefined,
        baseUrl: scim.baseUrl,
        protect: config.stage === "production",
        overlap: { ...overlap, isMoved: groups.isMoved },
        stack,
      },
      // On destroy Okta deletes pushed groups and deactivates people through the service, so the service is deleted last.
      scim instanceof ScimDirectory ? { dependsOn: [scim] } : {},
    )
  : byHand({ config, baseUrl: scim.baseUrl, overlap, stack });

const managed = scim instanceof ScimDirectory ? scim : undefined;
const outputs = {
  scimBaseUrl: scim.baseUrl,
  scimToken: scim.token,
  scimAuthorization: pulumi.secret(pulumi.interpolate`Bearer ${scim.token}`),
  readerTokens: managed?.readerTokens,
  eventIssuer: managed?.events?.issuer,
  eventKeys: managed?.events?.keys,
  eventReceivers: managed?.events?.receivers,
  oktaAppId: integration.appId,
  assignmentGroupId: integration.assignmentGroupId,
  pushGroups: integration.pushGroups,
  connection: config.connection,
  nextSteps: integration.nextSteps,
};
// Pulumi warns of every output without a value.
export default Object.fromEntries(Object.entries(outputs).filter(([, value]) => value !== undefined));
