import type { Properties, ResourceHandler } from "../../engine/provider.ts";
import type { OktaClient } from "./client.ts";
import { importedInputs, optionalText, text, textAt } from "./values.ts";

const body = (inputs: Properties): Properties => ({
  profile: { name: text(inputs, "name"), description: optionalText(inputs, "description") ?? "" },
});

const outputsOf = (group: unknown): Properties => ({
  name: textAt(group, "profile", "name"),
  description: textAt(group, "profile", "description"),
});

/** `okta.group.Group` */
export const groupHandler = (client: OktaClient): ResourceHandler => ({
  computed: [],
  autoName: "name",
  create: async (inputs) => {
    const made = await client.call("POST", "/api/v1/groups", body(inputs));
    const id = textAt(made, "id");
    // The provider polls until Okta shows the group. This org shows it at once.
    const group = await client.call("GET", `/api/v1/groups/${id}`);
    return { id, outputs: { ...inputs, ...outputsOf(group) } };
  },
  read: async (id, state) => {
    const group = await client.find(`/api/v1/groups/${id}`);
    return group === undefined ? undefined : { ...state, ...outputsOf(group) };
  },
  import: async (id) => {
    const group = await client.find(`/api/v1/groups/${id}`);
    if (group === undefined) return undefined;
    const outputs = outputsOf(group);
    return { id, outputs, inputs: importedInputs(outputs, ["name", "description"]) };
  },
  update: async (id, _state, inputs) => {
    const group = await client.call("PUT", `/api/v1/groups/${id}`, body(inputs));
    return { ...inputs, ...outputsOf(group) };
  },
  // The deletion of a group that is already gone fails, as in the real provider.
  delete: async (id) => {
    await client.call("DELETE", `/api/v1/groups/${id}`);
  },
});
