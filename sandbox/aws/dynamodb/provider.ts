import type { Properties, ResourceHandler } from "../../engine/provider.ts";
import type { Place } from "../support/place.ts";
import { readInputs } from "../support/read.ts";
import { tableInputs, type TableInputs } from "./tableInputs.ts";
import type { Tables } from "./tables.ts";
import type { NewStream, Streams } from "../dynamodbStreams/streams.ts";

const COMPUTED = ["arn", "streamArn", "streamLabel"];

export function dynamodbResources(place: Place, tables: Tables, streams: Streams): Record<string, ResourceHandler> {
  return { "aws:dynamodb/table:Table": table(place, tables, streams) };
}

function table({ account, region }: Place, tables: Tables, streams: Streams): ResourceHandler {
  const streamOf = (declared: TableInputs): NewStream => {
    const label = new Date().toISOString().replace(/Z$/, "");
    const arn = `arn:aws:dynamodb:${region}:${account}:table/${declared.name}/stream/${label}`;
    const { name, hashKey, rangeKey, streamViewType: viewType = "" } = declared;
    const keys = rangeKey === undefined ? [hashKey] : [hashKey, rangeKey];
    return { arn, table: name, viewType, label, keys };
  };
  return {
    autoName: "name",
    computed: COMPUTED,
    replaces: ["name", "hashKey", "rangeKey", "localSecondaryIndexes"],
    async create(inputs) {
      const declared = readInputs(tableInputs, inputs);
      const { name } = declared;
      await tables.create(declared);
      const arn = `arn:aws:dynamodb:${region}:${account}:table/${name}`;
      const stream = declared.streamEnabled ? streamOf(declared) : undefined;
      if (stream !== undefined) streams.add(stream);
      return { id: name, outputs: { ...inputs, arn, ...outputsOf(stream) } };
    },
    read: async (id, state) => ((await tables.exists(id)) ? state : undefined),
    async update(_id, state, inputs) {
      const before = readInputs(tableInputs, state);
      const after = readInputs(tableInputs, inputs);
      const isSame = before.streamEnabled === after.streamEnabled && before.streamViewType === after.streamViewType;
      if (!isSame && before.streamEnabled) await streams.disable(String(state["streamArn"]));
      await tables.update(before, after);
      if (isSame || !after.streamEnabled) return { ...inputs, ...kept(state) };
      const stream = streamOf(after);
      await streams.addNext(stream);
      return { ...inputs, ...kept(state), ...outputsOf(stream) };
    },
    async delete(id) {
      await streams.remove(id);
      await tables.delete(id);
    },
  };
}

const outputsOf = (stream: NewStream | undefined): Properties => ({
  streamArn: stream?.arn ?? "",
  streamLabel: stream?.label ?? "",
});

const kept = (state: Properties): Properties => Object.fromEntries(COMPUTED.map((key) => [key, state[key]]));
