import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { NAMESPACE } from "../../components/config/tenant.ts";
import { isRecord } from "../live/isRecord.ts";
import { fileOf, type StackFile } from "../live/stackFile.ts";
import { StackError } from "../live/stackError.ts";
import type { OrgReader } from "../live/org.ts";
import { slugOf, writeTenant, yamlOf } from "../tenants/newTenant.ts";
import { readTenants } from "../tenants/stacks.ts";
import type { Check } from "../verify/check.ts";
import { readDirectory } from "./directory.ts";
import { readExisting } from "./existing.ts";
import { ofFile } from "./fileObstacles.ts";
import { planAdoption, type Adoption } from "./plan.ts";
import { adoptionLines, commandsOf, importFileOf, importFileText } from "./report.ts";
import { addedConfig, addToFile, differingObstacles, mergeConfig, readWritten } from "./writtenFile.ts";

export interface AdoptRequest {
  readonly stack: string;
  readonly appId: string;
  readonly baseUrl: string | undefined;
  /** The directory's token, for reading it. */
  readonly token: string | undefined;
  readonly assignmentGroup: string | undefined;
  /** The keys of the stack file that name the org: `okta:orgName` and `okta:baseUrl`; none if its name is not known. */
  readonly org?: Readonly<Record<string, string>>;
  /** Folder of the stack files. */
  readonly root: string;
  /** Writes the stack file, or adds to it, and the import file, unless something stops the adoption. */
  readonly write: boolean;
}

export interface AdoptResult {
  /** Whether nothing stops the adoption. */
  readonly ok: boolean;
  readonly adoption: Adoption;
  /** The directory beside the org. */
  readonly directory: readonly Check[];
  readonly commands: readonly string[];
  /** The report as lines for people. */
  readonly lines: readonly string[];
  /** The files that were written. */
  readonly written: readonly string[];
}

/**
 * Describes an integration that was created by hand as a stack. Reads the org and the directory, and changes nothing. If
 * the stack has a file already, every key of it stays.
 * @throws StackError if the org has no such app, or if the stack's file cannot be used
 */
export async function adoptApp(
  org: OrgReader,
  request: AdoptRequest,
  say: (line: string) => void,
): Promise<AdoptResult> {
  const { stack, root } = request;
  const written = await readWritten(root, stack);
  const wishes = wishesOf(request, written);
  const { baseUrl, hasToken } = wishes;
  const existing = await readExisting(org, request.appId, say).catch((error: unknown) => {
    throw explained(error);
  });
  const planned = planAdoption(existing, { stack, ...wishes });
  const config = { ...request.org, ...planned.config };
  const merge = mergeConfig(written?.config ?? {}, config);
  const file = {
    ...{ stack, isExample: false, secretsProvider: written?.secretsProvider },
    config: merge.config,
  };
  const { tenants } = await readTenants(root);
  const others = tenants.filter((each) => each.file.stack !== stack);
  const obstacles = [...differingObstacles(merge, stack), ...ofFile(others, file), ...planned.obstacles];
  const adoption = { ...planned, config, obstacles };
  const ok = adoption.obstacles.every((obstacle) => !obstacle.stops);
  const commands = commandsOf({ stack, baseUrl, hasToken });
  const directory = await readDirectory(existing, { ...request, baseUrl }, say);
  const yaml = {
    title: written === undefined ? fileOf(stack) : `Missing in ${fileOf(stack)}, where every other key stays`,
    text: merge.added.length === 0 ? "nothing" : yamlOf({ config: addedConfig(merge) }),
  };
  const lines = adoptionLines({ stack, existing, adoption, directory, yaml, commands });
  const files: string[] = [];
  if (request.write && ok) {
    await (written === undefined ? writeTenant(root, file) : addToFile(root, written, merge));
    await writeFile(join(root, importFileOf(stack)), importFileText(adoption));
    files.push(fileOf(stack), importFileOf(stack));
  }
  return { ok, adoption, directory, commands, lines, written: files };
}

/** What the options ask for, or else the file that a person began. */
function wishesOf({ stack, baseUrl, assignmentGroup }: AdoptRequest, written: StackFile | undefined) {
  const own = (key: string): unknown => written?.config[`${NAMESPACE}:${key}`];
  const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
  const endpoint = own("endpoint");
  const { baseUrl: ownBaseUrl, token } = isRecord(endpoint) ? endpoint : {};
  return {
    tenant: textOf(own("tenant")) ?? slugOf(stack),
    baseUrl: baseUrl ?? textOf(ownBaseUrl),
    assignmentGroup: assignmentGroup ?? textOf(own("assignmentGroup")),
    hasToken: token !== undefined,
  };
}

/** Okta's own words for a request that it does not allow leave out what would help. */
function explained(error: unknown): unknown {
  if (!(error instanceof Error && "status" in error && (error.status === 401 || error.status === 403))) return error;
  return new StackError(
    `${error.message.trim()} adopt reads the app, groups, rules and mappings: its token needs the rights of a read-only administrator, or its OAuth client okta.apps.read, okta.groups.read and okta.profileMappings.read`,
    { cause: error },
  );
}
