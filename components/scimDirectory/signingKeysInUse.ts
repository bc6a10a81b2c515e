import { z } from "zod";
import { environmentNames } from "../../lambda/contract.ts";
import { setCommand } from "../config/commands.ts";
import type { Problem } from "../config/errors.ts";
import type { Events } from "../config/events.ts";
import type { TenantConfig } from "../config/keys.ts";
import { variableOf, type StackState } from "../config/stackState.ts";

type Config = Pick<TenantConfig, "tenant" | "events">;

/** By generation of a published key that has signed events: the day (UTC, `2026-11-26`) since which it signs at the latest. */
export type SignedSince = Readonly<Record<string, string>>;

const DAY = 24 * 60 * 60 * 1000;
/** Days for which an event waits: in a feed; in the queue of push and then, for as long again, in its dead-letter queue. */
const WAITS = { poll: 14, push: 28 } as const;

const json = z.string().transform((text): unknown => JSON.parse(text));
const signers = json.pipe(z.array(z.object({ keyArn: z.string().optional() })));
const withArn = z.object({ arn: z.string() });
const withHistory = z.object({ signedSince: z.record(z.string(), z.string()) });

/** The generations as the last deployment left them. */
interface Deployed {
  readonly signs: number;
  readonly published: readonly number[];
  /** Without the generation that signs, if the deployment did not record it. */
  readonly since: SignedSince;
}

function deployedKeys(tenant: string, state: StackState | undefined): Deployed | undefined {
  const variable = state && variableOf(state, `${tenant}-events-publish`, environmentNames.signingKeys);
  if (state === undefined || variable === undefined) return undefined;
  const arns = signers.parse(variable).flatMap(({ keyArn }) => keyArn ?? []);
  const start = `${tenant}-events-signing-`;
  const keys = state.resources
    .filter(({ type, name }) => type === "aws:kms/key:Key" && name.startsWith(start))
    .map(({ name, outputs }) => ({
      generation: Number(name.slice(start.length)),
      arn: withArn.safeParse(outputs).data?.arn ?? "",
    }));
  const signs = keys.find(({ arn }) => arns.includes(arn))?.generation;
  if (signs === undefined) return undefined;
  const directory = state.resources.find(
    ({ type, name }) => type === "okta-scim-directory:index:ScimDirectory" && name === tenant,
  );
  const since = withHistory.safeParse(directory?.outputs).data?.signedSince ?? {};
  return { signs, published: keys.map(({ generation }) => generation), since };
}

const publishedBy = ({ generation, announceNext }: Events["signingKey"]): number[] => [
  generation - 1,
  generation,
  ...(announceNext ? [generation + 1] : []),
];

/**
 * The record for the next deployment to read. A deployment that was made before there was a record counts from today.
 * @param today `2026-11-26`
 */
export function signedSince(
  { tenant, events }: Config,
  state: StackState | undefined,
  today: string,
): SignedSince | undefined {
  if (events === undefined) return undefined;
  const { signs, since = {} } = deployedKeys(tenant, state) ?? {};
  const { generation } = events.signingKey;
  const kept = Object.entries(since).filter(([one]) => publishedBy(events.signingKey).includes(Number(one)));
  const own = (generation === signs ? since[generation] : undefined) ?? today;
  return { ...Object.fromEntries(kept), [generation]: own };
}

/** The keys that a deployment would withdraw although events that they signed may still wait. */
interface Withdrawal {
  readonly signs: number;
  readonly withdrawn: number;
  readonly since: string | undefined;
  readonly days: number;
}

function withdrawalOf(events: Events, deployed: Deployed): Withdrawal | undefined {
  const { signs, published, since } = deployed;
  const stays = publishedBy(events.signingKey);
  // A later generation was announced alone, unless a deployment went back from it.
  const hasSigned = (one: number): boolean => one < signs || since[one] !== undefined;
  const withdrawn = published.find((one) => !stays.includes(one) && hasSigned(one));
  if (withdrawn === undefined || events.receivers.length === 0) return undefined;
  const days = Math.max(...events.receivers.map(({ delivery }) => WAITS[delivery.kind]));
  return { signs, withdrawn, since: since[signs], days };
}

const daysAfter = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * DAY).toISOString().slice(0, "2026-11-26".length);

/**
 * Why a deployment may not change the keys: the public key of events that are signed now, or that may still wait, would be
 * withdrawn.
 * @param today `2026-11-26`
 */
export function signingKeyProblems(
  { tenant, events }: Config,
  state: StackState,
  stack: string,
  today: string,
): Problem[] {
  const deployed = deployedKeys(tenant, state);
  if (events === undefined || deployed === undefined) return [];
  const { signs } = deployed;
  const { generation } = events.signingKey;
  const path = "events.signingKey.generation";
  const set = (key: string, value: string): string => setCommand(["events", "signingKey", key], value, stack);
  if (!publishedBy(events.signingKey).includes(signs)) {
    return [
      {
        path,
        wrong: `is ${generation}, but generation ${signs} signs now, and its public key would be withdrawn: receivers could not verify the events that wait`,
        allowed: `${signs} or ${signs + 1}`,
        fix: set("generation", String(signs + 1)),
      },
    ];
  }
  const early = withdrawalOf(events, deployed);
  if (early?.since === undefined) return [];
  const { withdrawn, since, days } = early;
  const free = daysAfter(since, days + 1);
  if (today >= free) return [];
  const wrong = `but generation ${signs} signs since ${since}, and the public key of generation ${withdrawn} would be withdrawn: receivers could not verify its events, which wait for up to ${days} days`;
  return withdrawn === generation + 1
    ? [
        {
          path: "events.signingKey.announceNext",
          wrong: `is false, ${wrong}`,
          allowed: `true; false from ${free} on`,
          fix: set("announceNext", "true"),
        },
      ]
    : [
        {
          path,
          wrong: `is ${generation}, ${wrong}`,
          allowed: `${signs}; ${generation} from ${free} on`,
          fix: set("generation", String(signs)),
        },
      ];
}

/** A warning if nobody can tell whether the events of a key that would be withdrawn still wait. */
export function signingKeyWarning({ tenant, events }: Config, state: StackState): string | undefined {
  const deployed = deployedKeys(tenant, state);
  const withdrawal = events && deployed && withdrawalOf(events, deployed);
  if (withdrawal === undefined || withdrawal.since !== undefined) return undefined;
  const { signs, withdrawn, days } = withdrawal;
  return `the public key of generation ${withdrawn} of events.signingKey is withdrawn, and the last deployment did not record since when generation ${signs} signs: if that is less than ${days} days, receivers cannot verify the events that generation ${withdrawn} signed and that wait`;
}
