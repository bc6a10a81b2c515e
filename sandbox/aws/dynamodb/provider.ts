import type { Properties, ResourceHandler } from "../../engine/provider.ts";
import type { Place } from "../support/place.ts";
import { readInputs } from "../support/read.ts";
import { tableInputs } from "./tableInputs.ts";
import type { Tables } from "./tables.ts";

const COMPUTED = ["arn", "streamArn", "streamLabel"];

export function dynamodbResources(place: Place, tables: Tables): Record<string, ResourceHandler> {
  return { "aws:dynamodb/table:Table": table(place, tables) };
}

function table({ account, region }: Place, tables: Tables): ResourceHandler {
  return {
    autoName: "name",
    computed: COMPUTED,
    replaces: ["name", "hashKey", "rangeKey", "localSecondaryIndexes"],
    async create(inputs) {
      const declared = readInputs(tableInputs, inputs);
      const { name, streamEnabled } = declared;
      await tables.create(declared);
      const arn = `arn:aws:dynamodb:${region}:${account}:table/${name}`;
      const label = streamEnabled ? new Date().toISOString().replace(/Z$/, "") : "";
      const streamArn = label === "" ? "" : `${arn}/stream/${label}`;
      return { id: name, outputs: { ...inputs, arn, streamArn, streamLabel: label } };
    },
    read: async (id, state) => ((await tables.exists(id)) ? state : undefined),
    async update(_id, state, inputs) {
      await tables.update(readInputs(tableInputs, state), readInputs(tableInputs, inputs));
      return { ...inputs, ...kept(state) };
    },
    delete: (id) => tables.delete(id),
  };
}

const kept = (state: Properties): Properties => Object.fromEntries(COMPUTED.map((key) => [key, state[key]]));
