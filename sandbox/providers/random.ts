import { randomInt } from "node:crypto";
import type { Properties, Provider, ResourceHandler } from "./provider.ts";

const sets = {
  lower: "abcdefghijklmnopqrstuvwxyz",
  upper: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  numeric: "0123456789",
  special: "!@#$%&*()-_=+[]{}<>:?",
} as const;

function makePassword(inputs: Properties): string {
  const length = inputs["length"];
  if (typeof length !== "number" || length < 1) throw new Error("length must be a whole number of at least 1");
  const alphabet = Object.entries(sets)
    .filter(([set]) => inputs[set] !== false)
    .map(([, characters]) => characters)
    .join("");
  if (alphabet === "") throw new Error("at least one of lower, upper, numeric and special must be true");
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join("");
}

const randomPassword: ResourceHandler = {
  computed: ["result"],
  replaces: ["length", "lower", "upper", "numeric", "special", "keepers", "overrideSpecial"],
  create: async (inputs) => ({ id: "none", outputs: { result: makePassword(inputs) } }),
  read: async (_id, state) => state,
  update: async (_id, state, inputs) => ({ ...state, ...inputs }),
  delete: async () => undefined,
};

/** A stand-in for @pulumi/random: values from the operating system's random source, kept in the state. */
export function randomProvider(): Provider {
  return { package: "random", resources: { "random:index/randomPassword:RandomPassword": randomPassword }, functions: {} };
}
