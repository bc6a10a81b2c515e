import type { Contender } from "../measure/measure.ts";
import { COUNTS, groupOperations } from "./groups.ts";
import type { Operation, Populated } from "./operation.ts";
import { userOperations } from "./users.ts";

/** The names of all operations. */
export const operationNames = (): string[] => [...namesOf(userOperations(POPULATED)), ...groupOperationNames()];

/** The names of the operations that need a group under test. */
export const groupOperationNames = (): string[] =>
  namesOf(groupOperations({ populated: POPULATED, size: 0, displayName: "", path: "", members: [], counts: COUNTS }));

const namesOf = (operations: readonly Operation[]): string[] => operations.map(({ name }) => name);

/** Operations are declared without a request. */
const absent: Contender = {
  send: async () => undefined,
  cpu: () => 0,
  peakMemory: async () => 0,
  restart: async () => undefined,
  consumed: () => undefined,
};
const POPULATED: Populated = { contender: absent, people: [] };
