import type { Properties, ResourceHandler } from "../../engine/provider.ts";
import type { OktaClient } from "./client.ts";
import { asRecord, at, flag, importedInputs, optionalText, text, textAt } from "./values.ts";

/** Okta creates the mapping together with the app. The provider only finds it. */
async function findMapping(client: OktaClient, inputs: Properties): Promise<unknown> {
  const query = new URLSearchParams({
    limit: "200",
    sourceId: text(inputs, "sourceId"),
    targetId: text(inputs, "targetId"),
  });
  const [found] = await client.list(`/api/v1/mappings?${query.toString()}`);
  if (found === undefined) {
    throw new Error(
      `no profile mappings found for source ID '${text(inputs, "sourceId")}' and target ID '${text(inputs, "targetId")}'`,
    );
  }
  return client.call("GET", `/api/v1/mappings/${textAt(found, "id")}`);
}

function declared(inputs: Properties): Record<string, Properties> {
  const { mappings } = inputs;
  const entries = Array.isArray(mappings) ? mappings.map(asRecord) : [];
  return Object.fromEntries(
    entries.map((entry) => [
      text(entry, "id"),
      { expression: text(entry, "expression"), pushStatus: optionalText(entry, "pushStatus") ?? "DONT_PUSH" },
    ]),
  );
}

const outputsOf = (mapping: unknown): Properties => ({
  sourceName: textAt(mapping, "source", "name"),
  sourceType: textAt(mapping, "source", "type"),
  targetName: textAt(mapping, "target", "name"),
  targetType: textAt(mapping, "target", "type"),
});

/** `okta.profile.Mapping` */
export function mappingHandler(client: OktaClient): ResourceHandler {
  const write = async (inputs: Properties): Promise<{ id: string; outputs: Properties }> => {
    const mapping = await findMapping(client, inputs);
    const id = textAt(mapping, "id");
    const wanted = declared(inputs);
    const absent = flag(inputs, "deleteWhenAbsent")
      ? Object.keys(asRecord(at(mapping, "properties"))).filter((name) => !(name in wanted))
      : [];
    const properties = { ...Object.fromEntries(absent.map((name) => [name, null])), ...wanted };
    const written = await client.call("POST", `/api/v1/mappings/${id}`, { id, properties });
    return { id, outputs: { ...inputs, ...outputsOf(written) } };
  };
  return {
    computed: ["sourceName", "sourceType", "targetName", "targetType"],
    create: write,
    read: async (id, state) => {
      const mapping = await client.find(`/api/v1/mappings/${id}`);
      return mapping === undefined ? undefined : { ...state, ...outputsOf(mapping) };
    },
    import: async (id) => {
      const mapping = await client.find(`/api/v1/mappings/${id}`);
      if (mapping === undefined) return undefined;
      const entries = Object.entries(asRecord(at(mapping, "properties"))).map(([name, property]) => ({
        id: name,
        expression: textAt(property, "expression"),
        pushStatus: textAt(property, "pushStatus"),
      }));
      const ends = { sourceId: textAt(mapping, "source", "id"), targetId: textAt(mapping, "target", "id") };
      const outputs = { ...ends, ...outputsOf(mapping), mappings: entries };
      return { id, outputs, inputs: importedInputs(outputs, ["sourceId", "targetId", "mappings"]) };
    },
    update: async (_id, _state, inputs) => (await write(inputs)).outputs,
    // The provider removes every property of the mapping except `login`.
    delete: async (id) => {
      const mapping = await client.find(`/api/v1/mappings/${id}`);
      if (mapping === undefined) return;
      const names = Object.keys(asRecord(at(mapping, "properties"))).filter((name) => name !== "login");
      const properties = Object.fromEntries(names.map((name) => [name, null]));
      await client.call("POST", `/api/v1/mappings/${id}`, { id, properties });
    },
  };
}
