import type { Group, Json } from "../org/model.ts";

export function renderGroup(group: Group, origin: string): Json {
  const self = `${origin}/api/v1/groups/${group.id}`;
  return {
    id: group.id,
    created: group.created,
    lastUpdated: group.lastUpdated,
    lastMembershipUpdated: group.lastMembershipUpdated,
    objectClass: [group.type === "APP_GROUP" ? "okta:app_group" : "okta:user_group"],
    type: group.type,
    profile: group.profile,
    ...(group.appId === undefined ? {} : { source: { id: group.appId } }),
    _links: {
      logo: [{ name: "medium", href: `${origin}/assets/groups/medium.png`, type: "image/png" }],
      owners: { href: `${self}/owners` },
      users: { href: `${self}/users` },
      apps: { href: `${self}/apps` },
      ...(group.appId === undefined ? {} : { source: { href: `${origin}/api/v1/apps/${group.appId}` } }),
    },
  };
}
