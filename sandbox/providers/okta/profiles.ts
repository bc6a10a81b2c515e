import { z } from "zod";
import type { Provider } from "../provider.ts";
import type { OktaClient } from "./client.ts";

const profileMapping = z.object({
  id: z.string(),
  source: z.object({ id: z.string() }),
  target: z.object({ id: z.string() }),
});
const rows = z.array(z.object({ id: z.string(), expression: z.string(), pushStatus: z.string().default("DONT_PUSH") }));
const userType = z.object({ id: z.string(), name: z.string(), displayName: z.string().default("") });

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const toProperties = (mappings: unknown): Record<string, unknown> =>
  Object.fromEntries(
    rows.parse(mappings ?? []).map(({ id, expression, pushStatus }) => [id, { expression, pushStatus }]),
  );

export const profileResources = (client: OktaClient): Provider["resources"] => ({
  "okta:profile/mapping:Mapping": {
    computed: ["sourceName", "sourceType", "targetName", "targetType"],
    async create({ sourceId, targetId, mappings }) {
      const query = new URLSearchParams({ limit: "200", sourceId: text(sourceId), targetId: text(targetId) });
      const [found] = (await client.list(`/mappings?${query.toString()}`)).map((one) => profileMapping.parse(one));
      if (found === undefined)
        throw new Error(`Okta has no profile mapping from ${text(sourceId)} to ${text(targetId)}`);
      await client.call("POST", `/mappings/${found.id}`, { properties: toProperties(mappings) });
      return { id: found.id, outputs: {} };
    },
    read: async (id, state) => ((await client.find(`/mappings/${id}`)) === undefined ? undefined : state),
    async update(id, _state, { mappings }) {
      await client.call("POST", `/mappings/${id}`, { properties: toProperties(mappings) });
      return {};
    },
    async delete(id, state) {
      const nulls = Object.keys(toProperties(state["mappings"])).map((key): [string, null] => [key, null]);
      await client.call("POST", `/mappings/${id}`, { properties: Object.fromEntries(nulls) });
    },
  },
});

export const profileFunctions = (client: OktaClient): Provider["functions"] => {
  const defaultType = async (): Promise<z.infer<typeof userType>> => {
    const types = (await client.list("/meta/types/user")).map((one) => userType.parse(one));
    const [first] = types;
    if (first === undefined) throw new Error("the Okta org has no user type");
    return types.find(({ name }) => name === "user") ?? first;
  };
  return {
    async "okta:user/getUserProfileMappingSource:getUserProfileMappingSource"() {
      const { id, name } = await defaultType();
      return { id, name, type: "user" };
    },
    async "okta:user/getUserType:getUserType"() {
      return { ...(await defaultType()), description: "" };
    },
  };
};
