import { stringify } from "yaml";
import { z } from "zod";
import { ROOT, asText, fileOf, readKeys } from "../../operations/live/stackFile.ts";
import { checkConfiguration } from "../../operations/live/tenant.ts";
import { configWith } from "../tenant/layers.ts";
import { NAMESPACE } from "../tenant/stackConfig.ts";
import type { Tenant } from "../tenant/tenant.ts";
import { BadRequest } from "./badRequest.ts";
import { overridesAfter, qualified, type Deployments, type Edit } from "./deployments.ts";
import { sourceBelow, sourceOf, type Source } from "./source.ts";

/** A key of the configuration as the page shows it. */
export interface ConfigurationKey {
  readonly key: string;
  readonly description: string;
  /** What the next deployment uses, as text: JSON if it is structured. A secret reads `[secret]`. */
  readonly value: string;
  /** The entries of a list, each as JSON. */
  readonly entries?: readonly string[];
  /** Whether the value differs from the one that is deployed, because the stack's file was edited. */
  readonly isNotDeployed: boolean;
  readonly source: Source;
  /** The value in the file, as text, if another source counts more and has a different value. */
  readonly inFile?: string;
  /** The source that counts once the override of the page or of `npm run up` is dropped; absent if there is none. */
  readonly below?: Source;
  /** The lines that give the stack's file this value, if the file does not give it and no part of it is a secret. */
  readonly yaml?: string;
  /** Whether a part of the value is a secret, which the page neither shows nor edits. */
  readonly isSecret: boolean;
}

const SECRET = "[secret]";
const SECRET_FIELDS = new Set(["token", "authorization"]);

/** The keys that the program knows, in the order of `Pulumi.yaml`. @throws StackError if the file cannot be read */
export async function describeConfiguration(
  tenant: Pick<Tenant, "stack" | "config" | "readLayers">,
  { overrides, overriddenBy }: Pick<Deployments, "overrides" | "overriddenBy">,
): Promise<{ readonly file: string; readonly keys: readonly ConfigurationKey[] }> {
  const [layers, keys] = await Promise.all([tenant.readLayers(), readKeys(ROOT)]);
  const { values } = configWith(layers, overrides);
  const own = Object.entries(keys).filter(([key]) => key.startsWith(`${NAMESPACE}:`));
  const described = own.map(([key, description]): ConfigurationKey => {
    const value = values[key] ?? "";
    const inFile = layers.file.written.includes(key) ? layers.file.values[key] : undefined;
    const [shown, isSecret] = withoutSecrets(value);
    const list = z.array(z.unknown()).safeParse(jsonOf(shown));
    return {
      key: key.slice(NAMESPACE.length + 1),
      description,
      value: shown,
      ...(list.success ? { entries: list.data.map((entry) => JSON.stringify(entry)) } : {}),
      isNotDeployed: value !== (tenant.config.values[key] ?? ""),
      source: sourceOf(key, { layers, overriddenBy }),
      ...(inFile === undefined || inFile === value ? {} : { inFile: withoutSecrets(inFile)[0] }),
      ...(key in overrides ? { below: sourceBelow(key, layers) } : {}),
      ...(key in overrides && !isSecret ? { yaml: yamlOf(key, value) } : {}),
      isSecret,
    };
  });
  return { file: fileOf(tenant.stack), keys: described };
}

/** @throws UserError with every problem that the program would name before it reads the org */
export async function checkEdit(tenant: Tenant, deployments: Deployments, edit: Edit): Promise<void> {
  checkConfiguration((await tenant.nextConfig(overridesAfter(deployments.overrides, edit))).values, tenant.stack);
}

/** The most characters of a value in a message. */
const MOST_CHARACTERS = 300;

/** @param was the text that was edited. @throws BadRequest with both values if another one counts now */
export async function checkUnchanged(
  tenant: Tenant,
  deployments: Deployments,
  key: string,
  was: string | undefined,
): Promise<void> {
  if (was === undefined) return;
  const { values } = await tenant.nextConfig(deployments.overrides);
  const [now] = withoutSecrets(values[qualified(key)] ?? "");
  if (now === was) return;
  const words = (text: string): string => {
    if (text === "") return "not set";
    return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
  };
  throw new BadRequest(
    409,
    `${key} was changed since this dialog was opened: it was ${words(was)} and is ${words(now)} now. Your value would undo that change, so nothing was deployed. Copy it, then close this dialog and edit ${key} again.`,
  );
}

/** The edit that takes one entry out of a list. @param entry as JSON @throws BadRequest if the list lacks it */
export async function withoutEntry(
  tenant: Tenant,
  deployments: Deployments,
  key: string,
  entry: string,
): Promise<Edit> {
  const entries = (await entriesOf(tenant, deployments, key)).map((one) => JSON.stringify(one));
  const place = entries.indexOf(entry);
  if (place < 0) throw new BadRequest(409, `The configuration no longer has ${entry} in ${key}.`);
  return { set: { [key]: `[${entries.toSpliced(place, 1).join(",")}]` } };
}

/** The entries of a list that the next deployment uses. */
export async function entriesOf(tenant: Tenant, deployments: Deployments, key: string): Promise<readonly unknown[]> {
  const { values } = await tenant.nextConfig(deployments.overrides);
  const list = z.array(z.unknown()).safeParse(jsonOf(values[qualified(key)] ?? ""));
  return list.data ?? [];
}

function jsonOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}

/** The lines of a stack's file, indented as under its `config:`, that a deployment reads as this value. */
export function yamlOf(key: string, text: string): string {
  const value = jsonOf(text);
  const isText = typeof value === "string" || asText(value) !== text;
  const isStructured = value !== null && typeof value === "object";
  const [, ...lines] = stringify({ config: { [key]: isText && !isStructured ? text : value } }, { lineWidth: 0 }).split(
    "\n",
  );
  return lines.join("\n");
}

/** The value as text without its secrets, and whether it has any. */
function withoutSecrets(text: string): readonly [shown: string, isSecret: boolean] {
  const value = jsonOf(text);
  if (value === null || typeof value !== "object") return [text, false];
  const whole = JSON.stringify(value);
  const shown = JSON.stringify(value, (field, inner: unknown) => (SECRET_FIELDS.has(field) ? SECRET : inner));
  return shown === whole ? [text, false] : [shown, true];
}
