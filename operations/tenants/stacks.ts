import { checkTenantConfig, NAMESPACE, type TenantConfig } from "../../components/config/tenant.ts";
import type { Problem } from "../../components/config/errors.ts";
import { setSecretCommand } from "../../components/config/commands.ts";
import { isRecord } from "../live/isRecord.ts";
import { asText, fileOf, readProject, readStackFile, stackNames, type StackFile } from "../live/stackFile.ts";
import { StackError } from "../live/stackError.ts";
import { decrypted, ENCRYPTED, plainSecrets, settingProblems } from "./settings.ts";

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
  const problems = [...checked.problems, ...settingProblems(file), ...plainSecrets(file)].map((problem) => ({
    file: name,
    ...problem,
  }));
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
