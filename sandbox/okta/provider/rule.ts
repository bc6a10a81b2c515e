import { setTimeout as pause } from "node:timers/promises";
import { PartialFailure, type Drift, type Properties, type ResourceHandler } from "../../engine/provider.ts";
import { OktaApiError, type OktaClient } from "./client.ts";
import { at, flag, importedInputs, optionalText, text, textAt, texts } from "./values.ts";

const PATH = "/api/v1/groups/rules";
const EXPRESSION_TYPE = "urn:okta:expression:1.0";

function body(inputs: Properties): Properties {
  const excluded = texts(inputs, "usersExcluded");
  return {
    type: "group_rule",
    name: text(inputs, "name"),
    actions: { assignUserToGroups: { groupIds: texts(inputs, "groupAssignments") } },
    conditions: {
      expression: {
        type: optionalText(inputs, "expressionType") ?? EXPRESSION_TYPE,
        value: text(inputs, "expressionValue"),
      },
      people: { users: excluded.length === 0 ? {} : { exclude: excluded } },
    },
  };
}

const statusOf = (inputs: Properties): string => optionalText(inputs, "status") ?? "ACTIVE";

const outputsOf = (rule: unknown): Properties => ({
  name: textAt(rule, "name"),
  status: textAt(rule, "status"),
  expressionType: textAt(rule, "conditions", "expression", "type"),
  expressionValue: textAt(rule, "conditions", "expression", "value"),
  groupAssignments: texts({ ids: at(rule, "actions", "assignUserToGroups", "groupIds") }, "ids"),
});

/** The provider retries for 180 s. This org unlocks much sooner. */
const MOST_RETRIES = 20;
const RETRY_MS = 50;

/** Creations and updates are retried while Okta answers 423. Lifecycle calls and deletions are not. */
async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof OktaApiError && error.status === 423) || attempt >= MOST_RETRIES) throw error;
      await pause(RETRY_MS);
    }
  }
}

/** The fields that cause an update if any of them differs from the state. */
const WRITTEN = ["name", "expressionValue", "expressionType", "usersExcluded"];

const differs = (state: Properties, inputs: Properties, key: string): boolean =>
  key in inputs && JSON.stringify(state[key]) !== JSON.stringify(inputs[key]);

/** A rule with status INVALID in the state is replaced. Any other difference from the state is an update. */
function drift(state: Properties, inputs: Properties): Drift {
  const changed = WRITTEN.filter((key) => key in state && differs(state, inputs, key));
  const status = optionalText(state, "status") ?? "ACTIVE";
  if (status === statusOf(inputs)) return { changed, replaces: [] };
  return { changed: [...changed, "status"], replaces: status === "INVALID" ? ["status"] : [] };
}

/**
 * `okta.group.Rule`: created INACTIVE, and deactivated during a change. As in the real provider, a failed lifecycle
 * call leaves the rule in the state with the declared status (terraform-provider-okta 6.12.0). The next deployment only
 * reads it, and the one after that sees that the status differs.
 */
export function ruleHandler(client: OktaClient): ResourceHandler {
  const setStatus = (id: string, status: string): Promise<unknown> =>
    client.call("POST", `${PATH}/${id}/lifecycle/${status === "ACTIVE" ? "activate" : "deactivate"}`);
  const outputs = async (id: string, inputs: Properties): Promise<Properties> => ({
    removeAssignedUsers: false,
    ...inputs,
    ...outputsOf(await client.call("GET", `${PATH}/${id}`)),
  });
  /** A failure of the work leaves the resource in the state as declared, whatever its state in Okta. */
  const recording = async <T>(id: string, inputs: Properties, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof OktaApiError)) throw error;
      throw new PartialFailure({ id, outputs: { ...inputs, status: statusOf(inputs) } }, error);
    }
  };
  const write = async (id: string, state: Properties, inputs: Properties): Promise<void> => {
    const wanted = statusOf(inputs);
    if (wanted !== (optionalText(state, "status") ?? "ACTIVE")) await setStatus(id, wanted);
    if (!WRITTEN.some((key) => differs(state, inputs, key))) return;
    if (wanted === "ACTIVE") await setStatus(id, "INACTIVE");
    await retried(() => client.call("PUT", `${PATH}/${id}`, body(inputs)));
    if (wanted === "ACTIVE") await setStatus(id, "ACTIVE");
  };
  return {
    computed: [],
    replaces: ["groupAssignments"],
    autoName: "name",
    drift,
    create: async (inputs) => {
      const id = textAt(await retried(() => client.call("POST", PATH, body(inputs))), "id");
      if (statusOf(inputs) === "ACTIVE") await recording(id, inputs, () => setStatus(id, "ACTIVE"));
      return { id, outputs: await outputs(id, inputs) };
    },
    read: async (id, state) => {
      const rule = await client.find(`${PATH}/${id}`);
      return rule === undefined ? undefined : { ...state, ...outputsOf(rule) };
    },
    import: async (id) => {
      const rule = await client.find(`${PATH}/${id}`);
      if (rule === undefined) return undefined;
      const found = outputsOf(rule);
      const names = ["name", "status", "expressionType", "expressionValue", "groupAssignments"];
      const inputs = importedInputs(found, names, { status: "ACTIVE", expressionType: EXPRESSION_TYPE });
      return { id, inputs, outputs: found };
    },
    update: async (id, state, inputs) => {
      await recording(id, inputs, () => write(id, state, inputs));
      return outputs(id, inputs);
    },
    // The deletion of a rule that is already gone fails, as in the real provider. `pulumi refresh` removes it from the
    // state.
    // An INVALID rule cannot be deactivated, and does not need it.
    delete: async (id, state) => {
      if ((optionalText(state, "status") ?? "ACTIVE") === "ACTIVE")
        await setStatus(id, "INACTIVE").catch((error: unknown) => {
          if (!(error instanceof OktaApiError && error.message.includes("with the status INVALID"))) throw error;
        });
      await client.call("DELETE", `${PATH}/${id}?removeUsers=${flag(state, "removeAssignedUsers")}`);
    },
  };
}
