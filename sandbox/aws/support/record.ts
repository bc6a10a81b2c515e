import type { Properties, ResourceHandler } from "../../engine/provider.ts";

export interface RecordOptions {
  /** The values that AWS adds to the inputs; `id` becomes the resource's id. */
  readonly make: (inputs: Properties) => Properties & { readonly id: string };
  readonly computed?: readonly string[];
  readonly replaces?: readonly string[];
  readonly autoName?: string;
}

/** A resource that does nothing on this machine: its inputs are kept, and its outputs look like AWS's. */
export function recordOnly(options: RecordOptions): ResourceHandler {
  const { make, computed = [], replaces = [], autoName } = options;
  return {
    computed,
    replaces,
    ...(autoName === undefined ? {} : { autoName }),
    create: async (inputs) => {
      const { id, ...outputs } = make(inputs);
      return { id, outputs: { ...inputs, ...outputs } };
    },
    read: async (_id, state) => state,
    update: async (_id, state, inputs) => {
      const kept = Object.fromEntries(computed.filter((key) => key in state).map((key) => [key, state[key]]));
      return { ...inputs, ...kept };
    },
    delete: async () => undefined,
  };
}

/** An input that must be a string. @throws Error that names it */
export function text(inputs: Properties, name: string): string {
  const value = inputs[name];
  if (typeof value !== "string" || value === "") throw new Error(`${name} is missing`);
  return value;
}
