import type { Properties, ResourceHandler } from "../../engine/provider.ts";
import type { OktaClient } from "./client.ts";
import { asRecord, at, flag, importedInputs, optionalText, text, textAt } from "./values.ts";

function body(inputs: Properties): Properties {
  const profile = optionalText(inputs, "profile");
  const parsed: unknown = profile === undefined ? undefined : JSON.parse(profile);
  return {
    ...(typeof inputs["priority"] === "number" ? { priority: inputs["priority"] } : {}),
    ...(parsed === undefined ? {} : { profile: asRecord(parsed) }),
  };
}

const path = (state: Properties): string => `/api/v1/apps/${text(state, "appId")}/groups/${text(state, "groupId")}`;

const outputsOf = (assignment: unknown, state: Properties): Properties => ({
  appId: state["appId"],
  groupId: textAt(assignment, "id"),
  priority: at(assignment, "priority"),
  profile: JSON.stringify(asRecord(at(assignment, "profile"))),
});

/** `okta.app.GroupAssignment` */
export function groupAssignmentHandler(client: OktaClient): ResourceHandler {
  const write = async (inputs: Properties): Promise<Properties> => {
    await client.call("PUT", path(inputs), body(inputs));
    return { ...inputs, ...outputsOf(await client.call("GET", path(inputs)), inputs) };
  };
  return {
    computed: ["priority", "profile"],
    replaces: ["appId", "groupId"],
    create: async (inputs) => ({ id: text(inputs, "groupId"), outputs: await write(inputs) }),
    read: async (_id, state) => {
      const assignment = await client.find(path(state));
      return assignment === undefined ? undefined : { ...state, ...outputsOf(assignment, state) };
    },
    // `appId/groupId`
    import: async (given) => {
      const [appId = "", groupId = "", ...more] = given.split("/");
      if (appId === "" || groupId === "" || more.length > 0)
        throw new Error(`invalid import id ${JSON.stringify(given)}; use appId/groupId`);
      const assignment = await client.find(path({ appId, groupId }));
      if (assignment === undefined) return undefined;
      const outputs = outputsOf(assignment, { appId });
      return { id: groupId, outputs, inputs: importedInputs(outputs, ["appId", "groupId", "priority", "profile"]) };
    },
    update: (_id, _state, inputs) => write(inputs),
    // The deletion of an assignment that is already gone fails, as in the real provider.
    delete: async (_id, state) => {
      if (!flag(state, "retainAssignment")) await client.call("DELETE", path(state));
    },
  };
}
