import { checkTenantConfig, NAMESPACE, type TenantConfig } from "../../components/config/tenant.ts";
import type { Problem } from "../../components/config/errors.ts";
import { setSecretCommand } from "../../components/config/commands.ts";
import { isRecord } from "../live/isRecord.ts";
import { asText, fileOf, readProject, readStackFile, stackNames, type StackFile } from "../live/stackFile.ts";
import { StackError } from "../live/stackError.ts";

/** A problem of one stack's file. */
export interface FileProblem extends Problem {
  readonly file: string;
}

/** A readable stack file, with its problems. */
export interface TenantFile {
  readonly file: StackFile;
  /** The readable keys of the configuration. */
  readonly config: Partial<TenantConfig>;
}

export interface TenantFiles {
  /** Number of files, including unreadable ones. */
  readonly count: number;
  readonly tenants: readonly TenantFile[];
  readonly problems: readonly FileProblem[];
  /** Steps that are not a problem but still to be done: a secret that only the stack's own key can encrypt. */
  readonly notes: readonly { readonly file: string; readonly text: string }[];
}

/** A placeholder for a value that only the stack's key can decrypt. */
const ENCRYPTED = "encrypted";

/** Settings of providers that are secrets. */
const secretSettings = ["okta:apiToken", "okta:accessToken", "okta:privateKey", "aws:secretKey", "aws:token"];

/** Reads every stack file of the folder and checks each by itself. Needs no network and no credentials. */
export async function readTenants(root: string): Promise<TenantFiles> {
  const [{ name: project }, names] = await Promise.all([readProject(root), stackNames(root)]);
  const results = await Promise.all(names.map((stack) => readTenant(root, stack, project)));
  return {
    count: results.length,
    tenants: results.flatMap(({ tenants }) => tenants),
    problems: results.flatMap(({ problems }) => problems),
    notes: results.flatMap(({ notes }) => notes),
  };
}

async function readTenant(root: string, stack: string, project: string): Promise<TenantFiles> {
  const name = fileOf(stack);
  let file: StackFile;
  try {
    file = await readStackFile(root, stack, project);
  } catch (error) {
    if (!(error instanceof StackError)) throw error;
    const fix = `correct ${name}, or delete it if there is no such tenant`;
    const wrong = error.message.replace(`${name} `, "");
    const problem = { file: name, path: name, wrong, allowed: "YAML with the keys config and secretsprovider", fix };
    return { count: 1, tenants: [], problems: [problem], notes: [] };
  }
  const { config, isTokenMissing } = withoutSecrets(file);
  const checked = checkTenantConfig(config, stack);
  const problems = [...checked.problems, ...plainSecrets(file)].map((problem) => ({ file: name, ...problem }));
  const set = setSecretCommand(["endpoint", "token"], stack);
  const notes = isTokenMissing ? [{ file: name, text: `endpoint.token is not set yet: ${set}` }] : [];
  return { count: 1, tenants: [{ file, config: checked.parts }], problems, notes };
}

/** The configuration as text, with a placeholder for each encrypted value. */
function withoutSecrets({ config }: StackFile): { config: Record<string, string>; isTokenMissing: boolean } {
  const entries = Object.entries(config).map(([key, value]): [string, unknown] => [key, decrypted(value)]);
  const plain = Object.fromEntries(entries);
  const endpoint = plain[`${NAMESPACE}:endpoint`];
  const isTokenMissing = isRecord(endpoint) && endpoint["kind"] === "external" && endpoint["token"] === undefined;
  if (isTokenMissing) plain[`${NAMESPACE}:endpoint`] = { ...endpoint, token: ENCRYPTED };
  return {
    config: Object.fromEntries(Object.entries(plain).map(([key, value]) => [key, asText(value)])),
    isTokenMissing,
  };
}

function decrypted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decrypted);
  if (!isRecord(value)) return value;
  if (isEncrypted(value)) return ENCRYPTED;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, decrypted(part)]));
}

/** Secrets in plain text in the file, where everybody who can read the repository can read them. */
function plainSecrets({ config, stack }: StackFile): Problem[] {
  const endpoint = config[`${NAMESPACE}:endpoint`];
  const token = isRecord(endpoint) ? endpoint["token"] : undefined;
  const found = [
    ...(token === undefined || isEncrypted(token) ? [] : [["endpoint", "token"]]),
    ...secretSettings.flatMap((key) => (config[key] === undefined || isEncrypted(config[key]) ? [] : [[key]])),
  ];
  return found.map((path) => ({
    path: path.join("."),
    wrong: "is a secret in plain text",
    allowed: "an encrypted value",
    fix: `${setSecretCommand(path, stack)}, and replace the secret where it was made: the file's history keeps it`,
  }));
}

const isEncrypted = (value: unknown): boolean => isRecord(value) && typeof value["secure"] === "string";
