import type { Json, User, UserStatus } from "../org/model.ts";
import { USER_SCHEMA_ID, USER_TYPE_ID } from "../org/store.ts";

const actions: Readonly<Record<UserStatus, readonly string[]>> = {
  STAGED: ["activate", "reset_factors"],
  PROVISIONED: ["suspend", "reset_password", "reactivate", "reset_factors", "deactivate"],
  ACTIVE: ["suspend", "reset_password", "expire_password", "reset_factors", "deactivate"],
  SUSPENDED: ["unsuspend", "reset_factors", "deactivate"],
  DEPROVISIONED: ["activate", "delete"],
};

const camelCase = (name: string): string => name.replace(/_(.)/g, (_all, letter: string) => letter.toUpperCase());

/** A person in Okta's form: with every link in an answer about one person, only with `self` in a list. */
export function renderUser(user: User, origin: string, alone = false): Json {
  const self = `${origin}/api/v1/users/${user.id}`;
  const links = actions[user.status].map((action): [string, Json] => [
    camelCase(action),
    action === "delete" ? { href: self, method: "DELETE" } : { href: `${self}/lifecycle/${action}`, method: "POST" },
  ]);
  return {
    id: user.id,
    status: user.status,
    created: user.created,
    activated: user.activated,
    statusChanged: user.statusChanged,
    lastLogin: null,
    lastUpdated: user.lastUpdated,
    passwordChanged: user.passwordChanged,
    type: { id: USER_TYPE_ID },
    profile: user.profile,
    credentials: {
      ...(user.passwordChanged === null ? {} : { password: {} }),
      provider: { type: "OKTA", name: "OKTA" },
    },
    _links: alone
      ? {
          ...Object.fromEntries(links),
          schema: { href: `${origin}/api/v1/meta/schemas/user/${USER_SCHEMA_ID}` },
          type: { href: `${origin}/api/v1/meta/types/user/${USER_TYPE_ID}` },
          self: { href: self },
        }
      : { self: { href: self } },
  };
}
