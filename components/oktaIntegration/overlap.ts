import * as pulumi from "@pulumi/pulumi";
import { pollingOf } from "../config/events.ts";
import type { AppTemplate, TenantConfig } from "../config/keys.ts";
import { outputText } from "./consoleProse.ts";

/** Changes of the service for which old and new are both accepted until a person enters the new value in Okta. */
export interface Overlap {
  /** The generations of both tokens that are accepted; undefined while there is one token. */
  readonly tokens?: { readonly previous: number; readonly current: number } | undefined;
  /** Systems whose tokens rotate together with Okta's. */
  readonly readers?: readonly string[];
  /** Receivers of change events that poll: their tokens rotate, too. */
  readonly receivers?: readonly string[];
  /** The default address and the custom domain both answer. */
  readonly addresses: boolean;
  /** This deployment gave the service another base URL. */
  readonly isMoved?: boolean;
}

/** The overlaps that a configuration makes. */
export function overlapOf({ endpoint, acceptPreviousToken, tokenGeneration, readers, events }: TenantConfig): Overlap {
  if (endpoint.kind === "external") return { addresses: false };
  const hasTwoTokens = acceptPreviousToken && tokenGeneration > 1;
  return {
    tokens: hasTwoTokens ? { previous: tokenGeneration - 1, current: tokenGeneration } : undefined,
    readers,
    receivers: pollingOf(events),
    addresses: endpoint.domain !== undefined && !endpoint.domain.onlyAddress,
  };
}

/**
 * The steps that end an overlap, in order; none if there is no overlap. They name the outputs of secrets, never the
 * values.
 */
export function overlapSteps(
  args: Overlap & {
    readonly label: pulumi.Input<string>;
    readonly baseUrl: pulumi.Input<string>;
    readonly template: AppTemplate;
    /** The Okta org is out of the stack's reach, so that an administrator pushes the groups. */
    readonly byHand?: boolean;
  },
  stack: string,
): pulumi.Input<string>[] {
  const { tokens, readers = [], receivers = [], addresses, isMoved = false } = args;
  if (tokens === undefined && !addresses && !isMoved) return [];
  const isSaml = args.template === "saml";
  const token = isSaml
    ? `Authorization (Bearer): ${outputText("scimToken", stack)}`
    : `API Token: ${outputText("scimAuthorization", stack)} (with the word Bearer in front)`;
  const off = [
    ...(tokens === undefined ? [] : [`"pulumi config set --stack ${stack} acceptPreviousToken false"`]),
    ...(addresses ? [`"pulumi config set --stack ${stack} --path endpoint.domain.onlyAddress true"`] : []),
  ];
  return [
    pulumi.interpolate`In the Okta Admin Console, open Applications > Applications > "${args.label}", then the Provisioning tab, Integration, Edit.`,
    ...(addresses || isMoved
      ? [pulumi.interpolate`${isSaml ? "SCIM connector base URL" : "Base URL"}: ${args.baseUrl}`]
      : []),
    ...(tokens === undefined
      ? []
      : [`${token}. Tokens ${tokens.previous} and ${tokens.current} are accepted; give Okta token ${tokens.current}.`]),
    `Click ${isSaml ? "Test Connector Configuration" : "Test API Credentials"}, and save.`,
    `Check it with ${args.byHand === true ? "Push now on the Push Groups tab" : `"npm run push-now -- --stack ${stack}"`} and "npm run verify -- --stack ${stack}"; repeat jobs that failed meanwhile: Dashboard > Tasks > Retry selected.`,
    ...(tokens === undefined || readers.length === 0
      ? []
      : [
          `Give each reader its new token: ${readers.join(", ")}; the tokens are ${outputText("readerTokens", stack)}. Wait until no log line with "reader" has the tokenGeneration ${tokens.previous}.`,
        ]),
    ...(tokens === undefined || receivers.length === 0
      ? []
      : [
          `Give each receiver that polls its new token: ${receivers.join(", ")}; the tokens are in ${outputText("eventReceivers", stack)}. Wait until no log line of the function feed with "receiver" has the tokenGeneration ${tokens.previous}.`,
        ]),
    ...(off.length === 0
      ? []
      : [
          `Then switch the old ${[...(tokens === undefined ? [] : ["token"]), ...(addresses ? ["address"] : [])].join(" and ")} off: run ${off.join(" and ")}, then "pulumi up --stack ${stack}".`,
        ]),
  ];
}
