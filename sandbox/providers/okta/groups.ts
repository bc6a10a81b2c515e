import { z } from "zod";
import type { Properties, Provider } from "../provider.ts";
import type { OktaClient } from "./client.ts";

const group = z.object({
  id: z.string(),
  type: z.string(),
  profile: z.object({ name: z.string(), description: z.string().nullish() }),
});
const rule = z.object({ id: z.string(), status: z.string() });
const mapping = z.object({
  id: z.string(),
  sourceGroupId: z.string(),
  status: z.string(),
  targetGroupId: z.string().optional(),
});

const text = (value: unknown): string => (typeof value === "string" ? value : "");

const profileOf = (inputs: Properties): Record<string, unknown> => ({
  profile: { name: inputs["name"], description: inputs["description"] ?? "" },
});

const ruleBody = (inputs: Properties): Record<string, unknown> => ({
  type: "group_rule",
  name: inputs["name"],
  conditions: {
    expression: { type: inputs["expressionType"] ?? "urn:okta:expression:1.0", value: inputs["expressionValue"] },
    people: { users: { exclude: inputs["usersExcludeds"] ?? [] } },
  },
  actions: { assignUserToGroups: { groupIds: inputs["groupAssignments"] } },
});

const mappings = (appId: unknown): string => `/apps/${text(appId)}/group-push/mappings`;

export const groupResources = (client: OktaClient): Provider["resources"] => ({
  "okta:group/group:Group": {
    computed: [],
    autoName: "name",
    async create(inputs) {
      const { id } = group.parse(await client.call("POST", "/groups", profileOf(inputs)));
      return { id, outputs: {} };
    },
    async read(id, state) {
      const answer = await client.find(`/groups/${id}`);
      return answer === undefined ? undefined : { ...state, name: group.parse(answer).profile.name };
    },
    async update(id, _state, inputs) {
      await client.call("PUT", `/groups/${id}`, profileOf(inputs));
      return {};
    },
    delete: async (id) => void (await client.call("DELETE", `/groups/${id}`)),
  },
  "okta:group/rule:Rule": {
    computed: [],
    replaces: ["groupAssignments"],
    autoName: "name",
    async create(inputs) {
      const { id } = rule.parse(await client.call("POST", "/groups/rules", ruleBody(inputs)));
      if (inputs["status"] !== "INACTIVE") await client.call("POST", `/groups/rules/${id}/lifecycle/activate`);
      return { id, outputs: {} };
    },
    async read(id, state) {
      const answer = await client.find(`/groups/rules/${id}`);
      return answer === undefined ? undefined : { ...state, status: rule.parse(answer).status };
    },
    async update(id, state, inputs) {
      if (state["status"] !== "INACTIVE") await client.call("POST", `/groups/rules/${id}/lifecycle/deactivate`);
      await client.call("PUT", `/groups/rules/${id}`, { id, ...ruleBody(inputs) });
      if (inputs["status"] !== "INACTIVE") await client.call("POST", `/groups/rules/${id}/lifecycle/activate`);
      return {};
    },
    async delete(id, state) {
      if (state["status"] !== "INACTIVE") await client.call("POST", `/groups/rules/${id}/lifecycle/deactivate`);
      await client.call("DELETE", `/groups/rules/${id}?removeUsers=${state["removeAssignedUsers"] === true}`);
    },
  },
  "okta:index/pushGroup:PushGroup": {
    computed: ["targetGroupId", "status"],
    replaces: ["appId", "sourceGroupId", "targetGroupId", "targetGroupName", "appConfig"],
    async create(inputs) {
      const { appId, sourceGroupId, targetGroupId, targetGroupName, status = "ACTIVE" } = inputs;
      let target: Record<string, unknown> = { targetGroupId };
      if (targetGroupId === undefined) {
        const name =
          targetGroupName ?? group.parse(await client.call("GET", `/groups/${text(sourceGroupId)}`)).profile.name;
        target = { targetGroupName: name };
      }
      const answer = mapping.parse(await client.call("POST", mappings(appId), { sourceGroupId, status, ...target }));
      return { id: answer.id, outputs: { status: answer.status, targetGroupId: answer.targetGroupId } };
    },
    async read(id, state) {
      const answer = await client.find(`${mappings(state["appId"])}/${id}`);
      if (answer === undefined) return undefined;
      const { status, targetGroupId } = mapping.parse(answer);
      return { ...state, status, targetGroupId };
    },
    async update(id, _state, { appId, status = "ACTIVE" }) {
      const answer = mapping.parse(await client.call("PATCH", `${mappings(appId)}/${id}`, { status }));
      return { status: answer.status, targetGroupId: answer.targetGroupId };
    },
    async delete(id, state) {
      const path = `${mappings(state["appId"])}/${id}`;
      const current = await client.find(path);
      if (current === undefined) return;
      if (mapping.parse(current).status !== "INACTIVE") await client.call("PATCH", path, { status: "INACTIVE" });
      await client.call("DELETE", `${path}?deleteTargetGroup=${state["deleteTargetGroupOnDestroy"] !== false}`);
    },
  },
});

const described = (one: z.infer<typeof group>): Properties => ({
  id: one.id,
  name: one.profile.name,
  description: one.profile.description ?? "",
  type: one.type,
  source: "",
  customProfileAttributes: "{}",
});

export const groupFunctions = (client: OktaClient): Provider["functions"] => ({
  async "okta:index/getGroups:getGroups"({ q, search, type }) {
    const query = new URLSearchParams({ limit: "200" });
    if (typeof q === "string") query.set("q", q);
    if (typeof search === "string") query.set("search", search);
    if (typeof type === "string") query.set("filter", `type eq "${type}"`);
    const groups = (await client.list(`/groups?${query.toString()}`)).map((one) => group.parse(one));
    return { id: "groups", groups: groups.map(described) };
  },
  async "okta:group/getGroup:getGroup"({ id, name }) {
    const found =
      typeof id === "string"
        ? [await client.find(`/groups/${id}`)].filter((one) => one !== undefined)
        : await client.list(`/groups?q=${encodeURIComponent(text(name))}`);
    const match = found.map((one) => group.parse(one)).find((one) => name === undefined || one.profile.name === name);
    if (match === undefined) throw new Error(`there is no group ${JSON.stringify(id ?? name)} in the Okta org`);
    return { ...described(match), users: [] };
  },
  async "okta:index/getPushGroups:getPushGroups"({ appId }) {
    const found = (await client.list(`${mappings(appId)}`)).map((one) => mapping.parse(one));
    return {
      id: text(appId),
      appId,
      mappings: found.map(({ id, sourceGroupId, status }) => ({ appId, id, sourceGroupId, status })),
    };
  },
});
