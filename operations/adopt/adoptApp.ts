import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stackNames, fileOf } from "../live/stackFile.ts";
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
  /** Writes the stack file and the import file, unless something stops the adoption. */
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
 * Describes an integration that was created by hand as a stack. Reads the org and the directory, and changes nothing.
 * @throws StackError if the org has no such app, or a file already exists
 */
export async function adoptApp(
  org: OrgReader,
  request: AdoptRequest,
  say: (line: string) => void,
): Promise<AdoptResult> {
  const { stack, root, baseUrl, assignmentGroup } = request;
  if (request.write && (await stackNames(root)).includes(stack)) {
    throw new StackError(`${fileOf(stack)} exists already; move it away, or run adopt without --write and compare`);
  }
  const existing = await readExisting(org, request.appId, say).catch((error: unknown) => {
    throw explained(error);
  });
  const planned = planAdoption(existing, { stack, tenant: slugOf(stack), baseUrl, assignmentGroup });
  const file = {
    ...{ stack, isExample: false, secretsProvider: undefined },
    config: { ...request.org, ...planned.config },
  };
  const { tenants } = await readTenants(root);
  const others = tenants.filter((tenant) => tenant.file.stack !== stack);
  const obstacles = [...ofFile(others, file), ...planned.obstacles];
  const adoption = { ...planned, config: file.config, obstacles };
  const ok = adoption.obstacles.every((obstacle) => !obstacle.stops);
  const commands = commandsOf(stack, baseUrl);
  const directory = await readDirectory(existing, request, say);
  const lines = adoptionLines({ stack, existing, adoption, directory, yaml: yamlOf(file), commands });
  const written: string[] = [];
  if (request.write && ok) {
    await writeTenant(root, file);
    await writeFile(join(root, importFileOf(stack)), importFileText(adoption));
    written.push(fileOf(stack), importFileOf(stack));
  }
  return { ok, adoption, directory, commands, lines, written };
}

/** Okta's own words for a request that it does not allow leave out what would help. */
function explained(error: unknown): unknown {
  if (!(error instanceof Error && "status" in error && (error.status === 401 || error.status === 403))) return error;
  return new StackError(
    `${error.message.trim()} adopt reads the app, groups, rules and mappings: its token needs the rights of a read-only administrator, or its OAuth client okta.apps.read, okta.groups.read and okta.profileMappings.read`,
    { cause: error },
  );
}
