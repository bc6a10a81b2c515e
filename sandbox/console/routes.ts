import { z } from "zod";
import type { ViewQuery } from "../okta/admin/view.ts";
import { hideSecrets } from "../tenant/outputs.ts";
import type { Tenant } from "../tenant/tenant.ts";
import { action, edited } from "./action.ts";
import { run } from "./actions.ts";
import { BadRequest } from "./badRequest.ts";
import { describeEvents } from "./changeEvents.ts";
import { checkEdit, checkUnchanged, describeConfiguration } from "./configuration.ts";
import type { Deployments } from "./deployments.ts";
import type { DriftReader } from "./driftReader.ts";
import type { Directory } from "./directory/directory.ts";
import { describeDrift } from "./drift.ts";
import { readHealth } from "./health.ts";
import { describePushGroups, listGroups, listPushable, listPushed, listRules, readRule } from "./pushGroups.ts";
import { readRotation, tokenOutput } from "./rotation.ts";
import { questionOf } from "./stackActions.ts";
import type { StackFileReader } from "./stackFile.ts";
import { goneSubject, silentTargets, viewSubject } from "./subjects.ts";
import { timelineKinds, type Timeline } from "./timeline.ts";

export interface Parts {
  readonly tenant: Tenant;
  readonly directory: Directory;
  readonly timeline: Timeline;
  readonly deployments: Deployments;
  readonly drift: DriftReader;
  readonly stackFile: StackFileReader;
  /** Names this start of the page's server. A page that was loaded from another one is out of date. */
  readonly instance: string;
  /** The options of `npm start`, quoted for a shell, without the page's port. */
  readonly startOptions: readonly string[];
}

/** @param signal is aborted when the page no longer waits for the answer */
type Handler = (parts: Parts, input: unknown, signal: AbortSignal) => unknown;

const search = z.string().max(200).default("");
const count = z.coerce.number().int().min(1).max(100).default(10);
/** `24` starts after the 24th item; empty is the first page. */
const viewQuery = z.object({
  search,
  count,
  page: z
    .string()
    .regex(/^\d{0,7}$/)
    .default(""),
});
const directoryQuery = z.object({ search, count, page: z.string().max(5000).default("") });
const subjectId = z.object({ id: z.string().min(1).max(100) });
/** A page of a history by the id of its first entry, or by the number of entries before it; without both, the newest one. */
const historyQuery = {
  count: count.default(40),
  from: z.string().max(100).optional(),
  start: z.coerce.number().int().min(0).max(9_999_999).optional(),
};
const storyQuery = subjectId.extend({ type: z.enum(["person", "group"]), ...historyQuery });
const timelineQuery = z.object({ search, kind: z.enum(timelineKinds).default("all"), ...historyQuery });
const exchangeId = z.coerce.number().int().min(1);

function read<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "request"}: ${message}`);
  throw new BadRequest(400, problems.join("; "), {
    problems: parsed.error.issues.map(({ path, message }) => ({ field: String(path.at(-1) ?? ""), text: message })),
  });
}

const rowsOf = ({ search, page, count }: z.infer<typeof viewQuery>): ViewQuery => ({
  search,
  count,
  start: Number(page),
});
const appIdOf = ({ outputs }: Tenant): string => String(outputs["oktaAppId"]);
const found = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw new BadRequest(404, `There is no such ${what} any more.`);
  return value;
};

/** The number of tasks that are shown. The following ones are shown once these are done. */
const MOST_TASKS = 5;

async function describeTenant(parts: Parts): Promise<unknown> {
  const { tenant, deployments, timeline, instance, startOptions } = parts;
  const { outputs, secretOutputs, org, stack } = tenant;
  const tasks = org.admin.tasks();
  return {
    instance,
    startOptions,
    health: readHealth(tenant, timeline),
    stack,
    outputs: hideSecrets(outputs, secretOutputs),
    connection: outputs["connection"],
    nextSteps: outputs["nextSteps"],
    consoleSteps: tenant.consoleSteps,
    app: org.view.app(appIdOf(tenant)),
    networkUp: org.admin.networkUp,
    networkBackAt: org.admin.networkBackAt,
    deploying: deployments.running,
    rotation: readRotation(tenant, deployments),
    tokenOutput: tokenOutput(tenant),
    isManaged: deployments.isManaged(),
    stackFile: await parts.stackFile.read(),
    tasks: { total: tasks.length, items: tasks.slice(0, MOST_TASKS) },
  };
}

/** All routes of the page. A read gets the query, an action the JSON body. */
export const routes: Readonly<Record<string, Handler>> = {
  "GET /api/tenant": (parts) => describeTenant(parts),
  "GET /api/change-events": ({ tenant }) => describeEvents(tenant),
  "GET /api/article": async ({ tenant }) => ({ checks: await tenant.verify() }),
  "GET /api/configuration": ({ tenant, deployments }) => describeConfiguration(tenant, deployments),
  // A POST, which no other site's page can send. The page asks only after a person has.
  "POST /api/token": ({ tenant }) => ({ token: String(tenant.outputs[tokenOutput(tenant)]) }),
  "POST /api/configuration/check": async ({ tenant, deployments }, input) => {
    const { key: name, value, was } = read(edited, input);
    await checkUnchanged(tenant, deployments, name, was);
    await checkEdit(tenant, deployments, { set: { [name]: value } });
    return {};
  },
  "POST /api/question": async ({ tenant, deployments }, input) => {
    const question = await questionOf(read(action, input), tenant, deployments);
    return question === undefined ? {} : { question };
  },
  "GET /api/org/people": ({ tenant }, input) => {
    const { group, ...query } = read(viewQuery.extend({ group: z.string().max(100).optional() }), input);
    return tenant.org.view.people(
      { ...rowsOf(query), ...(group === undefined ? {} : { groupId: group }) },
      appIdOf(tenant),
    );
  },
  "GET /api/drift": async ({ drift, tenant }) => describeDrift(await drift.read(), tenant),
  "GET /api/org/groups": ({ tenant, drift }, input) => listGroups(tenant, drift, rowsOf(read(viewQuery, input))),
  "GET /api/org/deletion": ({ tenant }, input) =>
    found(
      tenant.org.view.deletion(read(z.object({ group: z.string().max(100) }), input).group, appIdOf(tenant)),
      "group",
    ),
  "GET /api/org/pushedGroups": ({ tenant, drift }, input) => listPushed(tenant, drift, rowsOf(read(viewQuery, input))),
  "GET /api/org/push": ({ tenant, drift }) => describePushGroups(tenant, drift),
  "GET /api/org/pushable": ({ tenant }, input) => listPushable(tenant, read(z.object({ search, count }), input)),
  "GET /api/org/rules": ({ tenant, drift }, input) => listRules(tenant, drift, rowsOf(read(viewQuery, input))),
  "GET /api/org/profile": ({ tenant }, input) =>
    found(tenant.org.view.profile(read(z.object({ id: z.string().max(100) }), input).id), "person"),
  "GET /api/directory/users": ({ directory }, input, signal) => {
    const { group, ...query } = read(directoryQuery.extend({ group: z.string().max(200).optional() }), input);
    return directory.users({ ...query, signal, ...(group === undefined ? {} : { groupId: group }) });
  },
  "GET /api/directory/groups": ({ directory }, input, signal) =>
    directory.groups({ ...read(directoryQuery, input), signal }),
  "GET /api/directory/resource": ({ directory }, input) => {
    const { type, id } = read(z.object({ type: z.enum(["Users", "Groups"]), id: z.string().max(200) }), input);
    return directory.resource(type, id);
  },
  "GET /api/timeline": ({ timeline }, input) => timeline.list(read(timelineQuery, input)),
  "GET /api/story": ({ timeline, tenant }, input) => {
    const { type, id, ...query } = read(storyQuery, input);
    const subject = { type, id };
    const story = timeline.story(subject, query);
    const view = viewSubject(tenant, subject);
    if (view === undefined && story.total === 0)
      throw new BadRequest(404, `This tenant has had no such ${subject.type}.`);
    return { ...story, ...(view ?? goneSubject(story.lastName ?? id)) };
  },
  "GET /api/org/person": ({ tenant }, input) =>
    found(tenant.org.view.person(read(subjectId, input).id, appIdOf(tenant)), "person"),
  "GET /api/org/group": ({ tenant }, input) =>
    found(tenant.org.view.group(read(subjectId, input).id, appIdOf(tenant)), "group"),
  "GET /api/org/rule": async ({ tenant, drift }, input) =>
    found(await readRule(tenant, drift, read(subjectId, input).id), "rule"),
  "GET /api/exchange": ({ timeline }, input) =>
    found(timeline.exchange(read(z.object({ id: exchangeId }), input).id), "exchange"),
  "POST /api/curl": ({ timeline, tenant }, input) => {
    const { id, withToken } = read(z.object({ id: exchangeId, withToken: z.boolean() }), input);
    const authorization = withToken ? String(tenant.outputs["scimAuthorization"]) : undefined;
    return { command: found(timeline.curl(id, authorization), "exchange") };
  },
  "POST /api/action": async ({ tenant, deployments, timeline, drift }, input) => {
    const asked = read(action, input);
    const at = new Date().toISOString();
    const targets = silentTargets(asked, tenant);
    const message = await run(asked, tenant, deployments).finally(() => drift.changed());
    if (targets !== undefined) timeline.note(at, message, targets);
    return { message };
  },
};
