import { z } from "zod";
import { eventLine } from "../../operations/events/eventLine.ts";
import { feedAddress } from "../../operations/events/feedAddress.ts";
import { pollFeed } from "../../operations/events/feed.ts";
import { claimsOf } from "../../operations/events/set.ts";
import { configurationProblems } from "../../operations/live/tenant.ts";
import type { Tenant } from "../tenant/tenant.ts";
import { BadRequest, refusedField } from "./badRequest.ts";
import { overridesAfter, type Deployments, type Edit } from "./deployments.ts";

/** An event as the page shows it. */
export interface ShownEvent {
  readonly jti: string;
  readonly line: string;
}

/** A receiver with what it has not acknowledged, or what was pushed to it. */
export interface ShownReceiver {
  readonly name: string;
  /** The address that events are pushed to; undefined for a receiver that polls. */
  readonly push?: string;
  /** The oldest ones that wait, or the last ones that were pushed. */
  readonly events: readonly ShownEvent[];
  /** `3`, or `100+` if more wait than one answer holds. */
  readonly waiting: string;
}

const receiverSchema = z.looseObject({
  name: z.string(),
  delivery: z.union([z.literal("poll"), z.looseObject({ push: z.string() })]),
});
const configured = z.looseObject({ receivers: z.array(receiverSchema).default([]) });

/** Events of each receiver on the page. */
const SHOWN = 10;

const configuredIn = (values: Readonly<Record<string, string>>): z.infer<typeof configured> =>
  configured.parse(JSON.parse(values["okta-scim-directory:events"] ?? "{}"));

/** Each receiver of the last deployment, with its events. @throws FeedError if the service does not answer */
export async function describeEvents(tenant: Tenant): Promise<{ readonly receivers: readonly ShownReceiver[] }> {
  const { receivers } = configuredIn(tenant.config.values);
  return { receivers: await Promise.all(receivers.map((receiver) => describe(tenant, receiver))) };
}

async function describe(tenant: Tenant, { name, delivery }: z.infer<typeof receiverSchema>): Promise<ShownReceiver> {
  if (delivery !== "poll") {
    const { host, pathname, search } = new URL(delivery.push);
    const sent = tenant.cloud.deliveries().filter((one) => one.host === host && one.path === `${pathname}${search}`);
    const events = sent.slice(-SHOWN).map(({ body, status }): ShownEvent => {
      const { jti, line } = shown(body);
      return { jti, line: `${status ?? "no answer"}  ${line}` };
    });
    return { name, push: delivery.push, events, waiting: String(sent.filter(({ status }) => status !== 202).length) };
  }
  const address = feedAddress(tenant.stack, tenant.outputs, name);
  const { sets, moreAvailable } = await pollFeed(address, { ack: [], maxEvents: 100, wait: false });
  const events = [...sets.values()].slice(0, SHOWN).map(shown);
  return { name, events, waiting: moreAvailable ? `${sets.size}+` : String(sets.size) };
}

/** The page shows what the service says; whoever acts on an event checks its signature. */
function shown(jws: string): ShownEvent {
  const claims = claimsOf(jws);
  return claims === undefined ? { jti: "", line: "not an event" } : { jti: claims.jti, line: eventLine(claims) };
}

/** Acknowledges events for a receiver that polls. */
export async function acknowledge(tenant: Tenant, receiver: string, jtis: readonly string[]): Promise<void> {
  const address = feedAddress(tenant.stack, tenant.outputs, receiver);
  await pollFeed(address, { ack: jtis, maxEvents: 0, wait: false });
}

/**
 * The edit that adds a receiver.
 * @param push empty for a receiver that polls
 * @throws BadRequest with every reason why the configuration cannot have the receiver, each at its field
 */
export async function withReceiver(
  tenant: Tenant,
  deployments: Deployments,
  { name, push }: { readonly name: string; readonly push: string },
): Promise<Edit> {
  const { values } = await tenant.nextConfig(deployments.overrides);
  const { receivers, ...more } = configuredIn(values);
  if (receivers.some((receiver) => receiver.name === name))
    throw refusedField(400, "name", `There is a receiver ${name} already; each receiver needs a name of its own.`);
  const added = { name, delivery: push === "" ? "poll" : { push } };
  const edit = { set: { events: JSON.stringify({ ...more, receivers: [...receivers, added] }) } };
  const { values: next } = await tenant.nextConfig(overridesAfter(deployments.overrides, edit));
  const place = `events.receivers[${receivers.length}].`;
  const fields: Readonly<Record<string, string>> = { [`${place}name`]: "name", [`${place}delivery.push`]: "push" };
  const problems = configurationProblems(next).map(({ path, wrong, allowed }) => {
    const field = fields[path] ?? "";
    return { field, text: `${field === "" ? path : "The value"} ${wrong}. Allowed: ${allowed}.` };
  });
  if (problems.length > 0) throw new BadRequest(400, problems.map(({ text }) => text).join("\n"), { problems });
  return edit;
}
