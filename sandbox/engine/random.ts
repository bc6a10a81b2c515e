import { randomBytes, randomInt } from "node:crypto";
import type { Properties, Provider, ResourceHandler } from "./provider.ts";

const sets = {
  lower: { characters: "abcdefghijklmnopqrstuvwxyz", minimum: "minLower" },
  upper: { characters: "ABCDEFGHIJKLMNOPQRSTUVWXYZ", minimum: "minUpper" },
  numeric: { characters: "0123456789", minimum: "minNumeric" },
  special: { characters: "!@#$%&*()-_=+[]{}<>:?", minimum: "minSpecial" },
} as const;

function wholeNumber(inputs: Properties, key: string, least: number): number {
  const value = inputs[key] ?? 0;
  if (typeof value !== "number" || !Number.isInteger(value) || value < least) {
    throw new Error(`${key} must be a whole number of at least ${least}`);
  }
  return value;
}

const pick = (alphabet: string, count: number): string[] =>
  Array.from({ length: count }, () => alphabet.charAt(randomInt(alphabet.length)));

function shuffled(items: readonly string[]): string[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [result[last], result[other]] = [result[other] ?? "", result[last] ?? ""];
  }
  return result;
}

function makePassword(inputs: Properties): string {
  const length = wholeNumber(inputs, "length", 1);
  const { overrideSpecial } = inputs;
  const allowed = Object.entries(sets).flatMap(([set, { characters, minimum }]) => {
    if (inputs[set] === false || (set === "numeric" && inputs["number"] === false)) return [];
    const custom = set === "special" && typeof overrideSpecial === "string" && overrideSpecial !== "";
    return [{ characters: custom ? overrideSpecial : characters, least: wholeNumber(inputs, minimum, 0) }];
  });
  const alphabet = allowed.map(({ characters }) => characters).join("");
  if (alphabet === "") throw new Error("at least one of lower, upper, numeric and special must be true");
  const required = allowed.flatMap(({ characters, least }) => pick(characters, least));
  if (required.length > length)
    throw new Error(`length ${length} is less than the ${required.length} characters the minimums ask for`);
  return shuffled([...required, ...pick(alphabet, length - required.length)]).join("");
}

const unchanging = {
  read: async (_id: string, state: Properties) => state,
  update: async (_id: string, state: Properties, inputs: Properties) => ({ ...state, ...inputs }),
  delete: async () => undefined,
};

/** The real provider's `bcryptHash` is left out, because nothing here computes bcrypt. */
const randomPassword: ResourceHandler = {
  computed: ["result"],
  replaces: [
    ...["length", "keepers", "overrideSpecial", "number"],
    ...Object.entries(sets).flatMap(([set, { minimum }]) => [set, minimum]),
  ],
  create: async (inputs) => ({ id: "none", outputs: { result: makePassword(inputs) } }),
  ...unchanging,
};

const randomId: ResourceHandler = {
  computed: ["hex", "dec", "b64Std", "b64Url"],
  replaces: ["byteLength", "keepers", "prefix"],
  create: async (inputs) => {
    const bytes = randomBytes(wholeNumber(inputs, "byteLength", 1));
    const prefix = typeof inputs["prefix"] === "string" ? inputs["prefix"] : "";
    const hex = bytes.toString("hex");
    return {
      id: bytes.toString("base64url"),
      outputs: {
        hex: prefix + hex,
        dec: prefix + BigInt(`0x${hex}`).toString(),
        b64Std: prefix + bytes.toString("base64"),
        b64Url: prefix + bytes.toString("base64url"),
      },
    };
  },
  ...unchanging,
};

/** A stand-in for @pulumi/random: values from the operating system's random source, kept in the state. */
export function randomProvider(): Provider {
  return {
    package: "random",
    resources: {
      "random:index/randomPassword:RandomPassword": randomPassword,
      "random:index/randomId:RandomId": randomId,
    },
    functions: {},
  };
}
