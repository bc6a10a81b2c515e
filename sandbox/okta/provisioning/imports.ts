import { notFound, refused } from "../org/errors.ts";
import type { App, User } from "../org/model.ts";
import { connectionOf } from "./connection.ts";
import type { Provisioner } from "./provisioner.ts";
import { readUsers } from "../scimClient/import.ts";
import { addUser, loginOf, type Store } from "../org/store.ts";

/** A person that an import found in the directory. */
export interface ImportedUser {
  readonly scimId: string;
  readonly userName: string;
  /** The person in Okta with that login. */
  readonly match?: User;
}

export interface ImportResult {
  readonly returned: number;
  /** The number of active records; inactive ones do not count. */
  readonly scanned: number;
  /** The people who wait for a confirmation, without those who are already linked to an app user. */
  readonly users: readonly ImportedUser[];
}

/** "Import Now": reads the directory's users and lists them for confirmation. Nothing changes yet. */
export async function importUsers(store: Store, app: App, provisioner: Provisioner): Promise<ImportResult> {
  const connection = connectionOf(app);
  if (connection === undefined || app.provisioning?.actions.importUsers !== true)
    throw refused(400, "E0000001", `Importing users is not enabled for the app ${app.label}`);
  const found = await readUsers(provisioner.send, connection);
  const active = found.filter((one) => one.active);
  const linked = new Set([...app.links.values()].map(({ scimId }) => scimId));
  const byLogin = new Map([...store.users.values()].map((user) => [loginOf(user).toLowerCase(), user]));
  const users = active
    .filter(({ id }) => !linked.has(id))
    .map(({ id, userName }): ImportedUser => {
      const match = byLogin.get(userName.toLowerCase());
      return { scimId: id, userName, ...(match === undefined ? {} : { match }) };
    });
  return { returned: found.length, scanned: active.length, users };
}

/**
 * "Confirm assignments": the matching person, or else a new staged person, gets the app and is linked to the record.
 * The confirmation itself sends nothing; values that differ in Okta are sent as an update.
 */
export function confirmImport(store: Store, app: App, imported: ImportedUser): User {
  const { scimId, userName, match } = imported;
  if (match !== undefined && !store.users.has(match.id)) throw notFound(match.id, "User");
  const [first = userName, domain = ""] = userName.split("@");
  const login = domain === "" ? `${userName}@imported.example.com` : userName;
  const user =
    match ?? addUser(store, { firstName: first, lastName: domain || first, login, email: login }, "PROVISIONED");
  app.direct.add(user.id);
  app.links.set(user.id, { scimId, attached: true, sent: "" });
  store.changed();
  return user;
}
