import { configPath, setCommand, setSecretCommand } from "../../components/config/commands.ts";
import type { Problem } from "../../components/config/errors.ts";
import { partsOf } from "../../components/config/help.ts";
import { schemas } from "../../components/config/keys.ts";
import { NAMESPACE } from "../../components/config/tenant.ts";
import { isRecord } from "../live/isRecord.ts";
import type { StackFile } from "../live/stackFile.ts";

/** Whether the value is encrypted in the stack file. */
const isEncrypted = (value: unknown): boolean => isRecord(value) && typeof value["secure"] === "string";

/** A placeholder for a value that only the stack's key can decrypt. */
export const ENCRYPTED = "encrypted";

/** A value with the placeholder for everything that is encrypted in it. */
export function decrypted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decrypted);
  if (!isRecord(value)) return value;
  if (isEncrypted(value)) return ENCRYPTED;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, decrypted(part)]));
}

/** Settings of the providers whose form can be told without a network. */
const forms = [
  {
    ...{ key: "okta:orgName", form: /^[a-z0-9][a-z0-9-]*$/i, example: "acme" },
    allowed: "the first part of the org's address: acme of acme.okta.com",
  },
  {
    ...{ key: "okta:baseUrl", form: /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i, example: "okta.com" },
    allowed: "okta.com, oktapreview.com or okta-emea.com",
  },
  {
    ...{ key: "aws:region", form: /^[a-z]{2}(-[a-z]+)+-\d+$/, example: "us-east-1" },
    allowed: "an AWS region such as eu-central-1",
  },
];

/** Settings of the providers in a form that no org and no region has. */
export function settingProblems({ config, stack }: Pick<StackFile, "config" | "stack">): Problem[] {
  return forms.flatMap(({ key, form, allowed, example }): Problem[] => {
    const value = config[key];
    if (value === undefined || isEncrypted(value) || (typeof value === "string" && form.test(value))) return [];
    return [{ path: key, wrong: "has the wrong form", allowed, fix: setCommand([key], example, stack) }];
  });
}

/** Settings of providers that are secrets. */
const secretSettings = ["okta:apiToken", "okta:accessToken", "okta:privateKey", "aws:secretKey", "aws:token"];

/** The paths of the secrets of this program's keys; `*` stands for each entry of a list. */
const secretPaths = Object.entries(schemas).flatMap(([key, schema]) =>
  [...partsOf(schema)].flatMap(({ path, help }) => (help?.secret === true ? [[key, ...path]] : [])),
);

/** Secrets in plain text in the file, where everybody who can read the repository can read them. */
export function plainSecrets({ config, stack }: StackFile): Problem[] {
  const own = secretPaths.flatMap(([key = "", ...path]) =>
    pathsTo(structured(config[`${NAMESPACE}:${key}`]), path).map((found): PropertyKey[] => [key, ...found]),
  );
  const others = secretSettings.flatMap((key) =>
    config[key] === undefined || isEncrypted(config[key]) ? [] : [[key]],
  );
  return [...own, ...others].map((path) => ({
    path: configPath(path),
    wrong: "is a secret in plain text",
    allowed: "an encrypted value",
    fix: `${setSecretCommand(path, stack)}, and replace the secret where it was made: the file's history keeps it`,
  }));
}

/** A structure that was set as one value is JSON text in the file. */
function structured(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[{[]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** Where a value without encryption stands under a path. */
function pathsTo(value: unknown, path: readonly string[]): PropertyKey[][] {
  if (value === undefined || value === null || isEncrypted(value)) return [];
  const [step, ...rest] = path;
  if (step === undefined) return [[]];
  if (step === "*") {
    const entries: readonly unknown[] = Array.isArray(value) ? value : [];
    return entries.flatMap((entry, index) => pathsTo(entry, rest).map((found): PropertyKey[] => [index, ...found]));
  }
  return isRecord(value) ? pathsTo(value[step], rest).map((found): PropertyKey[] => [step, ...found]) : [];
}
