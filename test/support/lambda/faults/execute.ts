import { z } from "zod";
import type { Observed } from "./linearize.ts";
import { CROWD, GONE, showGroup, showUser, type Command } from "./model.ts";
import type { Answer, World } from "./world.ts";

/** The crowd as one member if it is there completely. No order of commands explains a part of it. */
export function fold(ids: readonly string[], crowd: readonly string[]): Set<string> {
  const isCrowd = new Set(crowd);
  const others = ids.filter((id) => !isCrowd.has(id));
  const count = ids.length - others.length;
  return new Set([...others, ...(count === 0 ? [] : [count === crowd.length ? CROWD : `${count} of the crowd`])]);
}

const person = z.object({ userName: z.string(), title: z.string().default("") });
const group = z.object({
  displayName: z.string(),
  members: z.array(z.object({ value: z.string() })).default([]),
});

const patch = (operation: object) => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  Operations: [operation],
});

function send(world: World, command: Command, crowd: readonly string[]): Promise<Answer> {
  const ids = (members: readonly string[]): { value: string }[] =>
    members.flatMap((id) => (id === CROWD ? crowd : [id])).map((value) => ({ value }));
  switch (command.kind) {
    case "create user":
      return world.scim("POST", "/Users", { userName: command.name });
    case "title user":
      return world.scim("PATCH", `/Users/${command.id}`, patch({ op: "replace", path: "title", value: command.title }));
    case "rename user":
      return world.scim("PATCH", `/Users/${command.id}`, patch({ op: "replace", value: { userName: command.name } }));
    case "delete user":
      return world.scim("DELETE", `/Users/${command.id}`);
    case "read user":
      return world.scim("GET", `/Users/${command.id}`);
    case "create group":
      return world.scim("POST", "/Groups", { displayName: command.name, members: ids(command.members) });
    case "add members":
      return world.scim(
        "PATCH",
        `/Groups/${command.id}`,
        patch({ op: "add", path: "members", value: ids(command.members) }),
      );
    case "remove members": {
      const filter = ids(command.members).map(({ value }) => ({
        op: "remove",
        path: `members[value eq "${value}"]`,
      }));
      return world.scim("PATCH", `/Groups/${command.id}`, { ...patch({}), Operations: filter });
    }
    case "put group":
      return world.scim("PUT", `/Groups/${command.id}`, { displayName: command.name, members: ids(command.members) });
    case "rename group":
      return world.scim(
        "PATCH",
        `/Groups/${command.id}`,
        patch({ op: "replace", path: "displayName", value: command.name }),
      );
    case "delete group":
      return world.scim("DELETE", `/Groups/${command.id}`);
    case "read group":
      return world.scim("GET", `/Groups/${command.id}`);
  }
}

/** Sends a command and returns what its client saw. */
export async function execute(world: World, command: Command, crowd: readonly string[]): Promise<Observed> {
  const { status, body, failedBefore } = await send(world, command, crowd);
  const show = (): string => {
    if (command.kind.startsWith("delete")) return [204, 404].includes(status) ? GONE : String(status);
    if (status !== 200 || !command.kind.startsWith("read")) return String(status);
    if (command.kind === "read user") {
      const { userName: name, title } = person.parse(body);
      return showUser({ name, title });
    }
    const { displayName: name, members } = group.parse(body);
    return showGroup({
      name,
      members: fold(
        members.map(({ value }) => value),
        crowd,
      ),
    });
  };
  return { command, answer: show(), failedBefore };
}
