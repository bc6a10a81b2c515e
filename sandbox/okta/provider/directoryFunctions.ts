import type { Properties } from "../../engine/provider.ts";
import type { OktaClient } from "./client.ts";
import { at, flag, optionalText, refuseTogether, textAt } from "./values.ts";

const typeFilter = (args: Properties): Record<string, string> => {
  const type = optionalText(args, "type");
  return type === undefined ? {} : { filter: `type eq "${type}"` };
};

const groupOf = (group: unknown): Properties => ({
  id: textAt(group, "id"),
  name: textAt(group, "profile", "name"),
  description: textAt(group, "profile", "description"),
  type: textAt(group, "type"),
  source: textAt(group, "source", "id"),
  customProfileAttributes: "{}",
});

/** `okta.group.getGroup` by `id` or exact `name`. */
export const getGroup =
  (client: OktaClient) =>
  async (args: Properties): Promise<Properties> => {
    const id = optionalText(args, "id");
    const name = optionalText(args, "name");
    if (id === undefined && name === undefined) throw new Error("name or id must be set");
    const query = new URLSearchParams({ q: name ?? "", ...typeFilter(args) }).toString();
    const found =
      id === undefined ? await client.list(`/api/v1/groups?${query}`) : [await client.find(`/api/v1/groups/${id}`)];
    const group = found.find(
      (one) => one !== undefined && (id !== undefined || textAt(one, "profile", "name") === name),
    );
    if (group === undefined)
      throw new Error(`group with ${id === undefined ? `name '${name ?? ""}'` : `id ${id}`} does not exist`);
    const { source: _source, customProfileAttributes: _custom, ...outputs } = groupOf(group);
    const users = flag(args, "includeUsers")
      ? await client.list(`/api/v1/groups/${textAt(group, "id")}/users?limit=200`)
      : [];
    return { ...args, ...outputs, users: users.map((user) => textAt(user, "id")) };
  };

/** `okta.getGroups` by `q` (start of the name), `search` and `type`. */
export const getGroups =
  (client: OktaClient) =>
  async (args: Properties): Promise<Properties> => {
    refuseTogether(args, "search", ["type", "q"]);
    const query = new URLSearchParams({ limit: "200", ...typeFilter(args) });
    for (const key of ["q", "search"]) {
      const value = optionalText(args, key);
      if (value !== undefined) query.set(key, value);
    }
    const groups = await client.list(`/api/v1/groups?${query.toString()}`);
    return { ...args, id: query.toString(), groups: groups.map(groupOf) };
  };

/** `okta.user.getUserType` by `id` or `name`. */
export const getUserType =
  (client: OktaClient) =>
  async (args: Properties): Promise<Properties> => {
    const types = await client.list("/api/v1/meta/types/user");
    const id = optionalText(args, "id");
    const name = optionalText(args, "name");
    const type = types.find((one) => (id === undefined ? textAt(one, "name") === name : textAt(one, "id") === id));
    if (type === undefined) throw new Error(`user type '${id ?? name ?? ""}' does not exist`);
    return {
      id: textAt(type, "id"),
      name: textAt(type, "name"),
      displayName: textAt(type, "displayName"),
      description: textAt(type, "description"),
    };
  };

/**
 * `okta.user.getUserProfileMappingSource`: Okta's own profile, the source of every mapping to an app. The provider
 * finds it at the end of a mapping, so an org without apps has none.
 */
export const getUserProfileMappingSource =
  (client: OktaClient) =>
  async (_args: Properties): Promise<Properties> => {
    const source = (await client.list("/api/v1/mappings?limit=200"))
      .flatMap((mapping) => [at(mapping, "source"), at(mapping, "target")])
      .find((end) => textAt(end, "name") === "user" && textAt(end, "type") === "user");
    if (source === undefined) throw new Error("no profile mapping source found");
    return { id: textAt(source, "id"), name: textAt(source, "name"), type: "user" };
  };
