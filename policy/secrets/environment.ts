import { at, isRecord } from "../model/resource.ts";
import { oneOf, type ResourceRule } from "../model/rule.ts";
import { credentialIn, isSecretArn } from "./credentials.ts";
import { speaksOfSecrets } from "./names.ts";
import { holdsPublicKeysOnly } from "./publicKeys.ts";
import { parseStrictly } from "./strictJson.ts";

export const tokenHashesOnly: ResourceRule = {
  name: "token-hashes-only",
  description:
    "A variable of a function whose name speaks of a token, secret, password or key holds SHA-256 hashes, public keys or the ARN of a secret." +
    " A list of hashes carries each hash with its generation or its name, and nothing else." +
    " A variable of any name holds no credential: no authorization header, private key, signed token, password in a URL," +
    " or 24 characters that mix capitals, small letters and digits at random, neither plain nor in base64, hex or percent-encoding.",
  appliesTo: oneOf("aws:lambda/function:Function"),
  reads: ["environment"],
  check: ({ props }) => {
    const variables = at(props, "environment", "variables");
    return Object.entries(isRecord(variables) ? variables : {}).flatMap(([name, given]) => {
      const value = typeof given === "number" ? String(given) : given;
      if (typeof value !== "string" || value === "" || holdsHashesOnly(value) || holdsPublicKeysOnly(value)) return [];
      if (speaksOfSecrets(name) && !isSecretArn(value))
        return [
          `the variable ${name} contains a value that is not a SHA-256 hash; pass hashes, or the ARN of a secret`,
        ];
      const credential = credentialIn(value);
      return credential === undefined
        ? []
        : [`the variable ${name} contains ${credential}; pass its hash, or the ARN of a secret`];
    });
  },
};

const HASH = /^[0-9a-f]{64}$/;
/** Beside a hash: which generation of the token it is, or whose. */
const LABELS: Readonly<Record<string, (value: unknown) => boolean>> = {
  generation: (value) => Number.isInteger(value),
  name: isName,
  reader: isName,
};

function isName(value: unknown): boolean {
  return typeof value === "string" && value.length <= 64 && credentialIn(value) === undefined;
}

/** JSON of a list of `{sha256, …labels}`. */
function holdsHashesOnly(value: string): boolean {
  const parsed = parseStrictly(value);
  return (
    Array.isArray(parsed) &&
    parsed.every(
      (entry: unknown) =>
        isRecord(entry) &&
        Object.entries(entry).every(([key, inner]) =>
          key === "sha256" ? HASH.test(String(inner)) : LABELS[key]?.(inner) === true,
        ) &&
        typeof entry["sha256"] === "string",
    )
  );
}
