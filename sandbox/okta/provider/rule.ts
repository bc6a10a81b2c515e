import type { Properties, ResourceHandler } from "../../engine/provider.ts";
import { unlessGone, type OktaClient } from "./client.ts";
import { at, flag, optionalText, text, textAt, texts } from "./values.ts";

const PATH = "/api/v1/groups/rules";

function body(inputs: Properties): Properties {
  const excluded = texts(inputs, "usersExcludeds");
  return {
    type: "group_rule",
    name: text(inputs, "name"),
    actions: { assignUserToGroups: { groupIds: texts(inputs, "groupAssignments") } },
    conditions: {
      expression: {
        type: optionalText(inputs, "expressionType") ?? "urn:okta:expression:1.0",
        value: text(inputs, "expressionValue"),
      },
      people: { users: excluded.length === 0 ? {} : { exclude: excluded } },
    },
  };
}

const wantsActive = (inputs: Properties): boolean => optionalText(inputs, "status") !== "INACTIVE";

const outputsOf = (rule: unknown): Properties => ({
  name: textAt(rule, "name"),
  status: textAt(rule, "status"),
  expressionType: textAt(rule, "conditions", "expression", "type"),
  expressionValue: textAt(rule, "conditions", "expression", "value"),
  groupAssignments: texts({ ids: at(rule, "actions", "assignUserToGroups", "groupIds") }, "ids"),
});

/** `okta.group.Rule`: created inactive, and switched off while it changes. */
export function ruleHandler(client: OktaClient): ResourceHandler {
  const setActive = (id: string, active: boolean): Promise<unknown> =>
    client.call("POST", `${PATH}/${id}/lifecycle/${active ? "activate" : "deactivate"}`);
  const outputs = async (id: string, inputs: Properties): Promise<Properties> => ({
    removeAssignedUsers: false,
    ...inputs,
    ...outputsOf(await client.call("GET", `${PATH}/${id}`)),
  });
  return {
    computed: [],
    replaces: ["groupAssignments"],
    autoName: "name",
    create: async (inputs) => {
      const id = textAt(await client.call("POST", PATH, body(inputs)), "id");
      if (wantsActive(inputs)) await setActive(id, true);
      return { id, outputs: await outputs(id, inputs) };
    },
    read: async (id, state) => {
      const rule = await client.find(`${PATH}/${id}`);
      return rule === undefined ? undefined : { ...state, ...outputsOf(rule) };
    },
    update: async (id, _state, inputs) => {
      const status = textAt(await client.call("GET", `${PATH}/${id}`), "status");
      if (status === "INVALID") {
        throw new Error(
          `the group rule ${text(inputs, "name")} is INVALID because one of its target groups was deleted; replace it`,
        );
      }
      if (status === "ACTIVE") await setActive(id, false);
      await client.call("PUT", `${PATH}/${id}`, body(inputs));
      if (wantsActive(inputs)) await setActive(id, true);
      return outputs(id, inputs);
    },
    delete: (id, state) =>
      unlessGone(async () => {
        const status = textAt(await client.call("GET", `${PATH}/${id}`), "status");
        if (status === "ACTIVE") await setActive(id, false);
        await client.call("DELETE", `${PATH}/${id}?removeUsers=${flag(state, "removeAssignedUsers")}`);
      }),
  };
}
