import { randomBytes } from "node:crypto";
import { newUserBody, updatedUserBody, type UserAttributes } from "./attributes.ts";
import { create, getOne, lookUp, patch, replace } from "./resources.ts";
import type { Connection, Send } from "./transport.ts";

/**
 * Brings a person into the directory: links a record with that userName, or creates one.
 * @param onLinked receives the record's SCIM id as soon as Okta knows it, before a linked record is updated
 */
export async function provision(
  send: Send,
  connection: Connection,
  attributes: UserAttributes,
  onLinked: (scimId: string) => void,
): Promise<void> {
  const found = await lookUp(send, connection, "Users", "userName", attributes.userName);
  if (found === undefined) {
    const password = randomBytes(6).toString("base64url");
    onLinked((await create(send, connection, "Users", newUserBody(attributes, password))).id);
    return;
  }
  onLinked(found.id);
  if (connection.kind === "oin" && found["active"] === false) await setActive(send, connection, found.id, true);
  await update(send, connection, found.id, attributes);
}

/** Okta reads the record, merges its own values into it and writes the whole record back. */
export async function update(
  send: Send,
  connection: Connection,
  id: string,
  attributes: UserAttributes,
): Promise<void> {
  const current = await getOne(send, connection, "Users", id);
  await replace(send, connection, "Users", id, updatedUserBody(current, attributes));
}

/** Never a DELETE: the record stays, inactive. */
export async function deactivate(send: Send, connection: Connection, id: string): Promise<void> {
  if (connection.kind === "oin") return setActive(send, connection, id, false);
  const current = await getOne(send, connection, "Users", id);
  await replace(send, connection, "Users", id, { ...current, active: false });
}

const setActive = (send: Send, connection: Connection, id: string, active: boolean): Promise<void> =>
  patch(send, connection, "Users", id, [{ op: "replace", value: { active } }]);
