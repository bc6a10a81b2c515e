import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { setSecretCommand } from "../../components/config/commands.ts";
import type { Problem } from "../../components/config/errors.ts";
import { defaultLabel } from "../../components/config/keys.ts";
import { NAMESPACE, checkTenantConfig, type TenantConfig } from "../../components/config/tenant.ts";
import { isRecord } from "../live/isRecord.ts";
import { StackError } from "../live/stackError.ts";
import { asText, fileOf, type StackFile } from "../live/stackFile.ts";
import { claimFor, collisions, freeName, isSlug, orgOf, renamed, takenClaims } from "./collisions.ts";
import { decrypted, ENCRYPTED, settingProblems } from "./settings.ts";
import type { TenantFile } from "./stacks.ts";

/** The caller's wishes. The other values are proposed. */
export interface Wishes {
  readonly label?: string | undefined;
  readonly assignmentGroup?: string | undefined;
  /** Names of groups, or entries of `pushGroups` as JSON. */
  readonly push?: readonly string[] | undefined;
  readonly region?: string | undefined;
  readonly org?: string | undefined;
  readonly domain?: string | undefined;
  readonly hostedZone?: string | undefined;
  /** Base URL of an existing directory. */
  readonly external?: string | undefined;
}

export interface NewTenant {
  readonly file: StackFile;
  readonly config: TenantConfig;
  /** Commands that take the new file to the console step, in order. */
  readonly commands: readonly string[];
}

/** The assignment group of Iru's article. */
export const ASSIGNMENT_GROUP = "iru_endpoint_users";
const REGION = "us-east-1";

/**
 * A stack file for a new tenant whose slug, label and assignment group are unique among all files.
 * @param stack name of the stack, from which the slug is made
 * @throws StackError for a name that is taken or invalid, or with every problem of the wishes
 */
export function newTenant(tenants: readonly TenantFile[], stack: string, wishes: Wishes): NewTenant {
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/.test(stack)) {
    throw new StackError(
      `${JSON.stringify(stack)} cannot name a stack; allowed: 1 to 100 of a-z, A-Z, 0-9, _, . and -`,
    );
  }
  if (tenants.some(({ file }) => file.stack.toLowerCase() === stack.toLowerCase())) {
    throw new StackError(`${fileOf(stack)} exists already; choose another name, or edit that file`);
  }
  const file = { stack, isExample: false, config: configOf(tenants, stack, wishes), secretsProvider: undefined };
  const { config, problems } = checkFile(tenants, file);
  if (config === undefined || problems.length > 0) {
    const lines = problems.map(({ path, wrong, allowed }) => `  ${path}: ${wrong}; allowed: ${allowed}`);
    throw new StackError(`${fileOf(stack)} is not written:\n${lines.join("\n")}`);
  }
  return { file, config, commands: commandsOf(tenants, file, wishes) };
}

/** What is wrong in a file that is not written yet, by itself and beside the other tenants. */
export function checkFile(
  tenants: readonly TenantFile[],
  file: StackFile,
): { readonly config: TenantConfig | undefined; readonly problems: readonly Problem[] } {
  const { config, parts, problems } = checkTenantConfig(textOf(file), file.stack);
  const shared = collisions([...tenants, { file, config: parts }]);
  return {
    config,
    problems: [...problems, ...settingProblems(file), ...shared.filter((each) => each.file === fileOf(file.stack))],
  };
}

/** The file as YAML. */
export function yamlOf({ config }: Pick<StackFile, "config">): string {
  return stringify({ config }, { lineWidth: 0 });
}

/** Writes the file. @throws if the file exists */
export async function writeTenant(root: string, file: StackFile): Promise<void> {
  await writeFile(join(root, fileOf(file.stack)), yamlOf(file), { flag: "wx" });
}

function configOf(tenants: readonly TenantFile[], stack: string, wishes: Wishes): Record<string, unknown> {
  const { org, external } = wishes;
  const settings = org === undefined ? {} : { "okta:orgName": org };
  const taken = takenClaims(tenants);
  const inOrg = orgOf({ config: settings });
  const tenant = freeName(claimFor("slug", stack), [slugOf(stack)], inOrg, taken);
  const label = wishes.label ?? freeName(claimFor("app", tenant), [defaultLabel(tenant)], inOrg, taken);
  const groups = [ASSIGNMENT_GROUP, renamed("group", ASSIGNMENT_GROUP, tenant)];
  const assignmentGroup = wishes.assignmentGroup ?? freeName(claimFor("group", ""), groups, inOrg, taken);
  const endpoint = endpointOf(tenants, wishes);
  const push = (wishes.push ?? []).map((entry) => (/^\s*[{[]/.test(entry) ? parsed(entry) : entry));
  return {
    ...(external === undefined ? { "aws:region": wishes.region ?? usualRegion(tenants) } : {}),
    ...settings,
    [`${NAMESPACE}:tenant`]: tenant,
    ...(endpoint === undefined ? {} : { [`${NAMESPACE}:endpoint`]: endpoint }),
    [`${NAMESPACE}:app`]: { label },
    [`${NAMESPACE}:assignmentGroup`]: assignmentGroup,
    ...(push.length === 0 ? {} : { [`${NAMESPACE}:pushGroups`]: push }),
  };
}

/** The slug that a stack of this name gets. @throws StackError */
export function slugOf(stack: string): string {
  const slug = stack
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "")
    .slice(0, 24)
    .replace(/-+$/, "");
  if (isSlug(slug)) return slug;
  throw new StackError(
    `no slug can be made from ${JSON.stringify(stack)}; allowed: a name with at least two letters or digits, the first a letter`,
  );
}

function endpointOf(tenants: readonly TenantFile[], { external, domain, hostedZone }: Wishes): unknown {
  if (external !== undefined) return { kind: "external", baseUrl: external };
  if (domain === undefined) return undefined;
  const hostedZoneId = hostedZone ?? zoneOf(tenants, domain);
  return { kind: "managed", domain: { name: domain, ...(hostedZoneId === undefined ? {} : { hostedZoneId }) } };
}

/** The hosted zone of another tenant whose domain has the same parent. */
function zoneOf(tenants: readonly TenantFile[], domain: string): string | undefined {
  const parent = (name: string): string => name.slice(name.indexOf(".") + 1);
  return tenants.flatMap(({ config }) => {
    const other = config.endpoint?.kind === "managed" ? config.endpoint.domain : undefined;
    return other !== undefined && parent(other.name) === parent(domain) ? [other.hostedZoneId] : [];
  })[0];
}

/** The region of most tenants. */
function usualRegion(tenants: readonly TenantFile[]): string {
  const regions = tenants.flatMap(({ file: { config, isExample } }) => {
    const region = config["aws:region"];
    return !isExample && typeof region === "string" ? [region] : [];
  });
  const count = (region: string): number => regions.filter((each) => each === region).length;
  return regions.reduce((best, region) => (count(region) > count(best) ? region : best), regions[0] ?? REGION);
}

/** Stand for the settings of an external endpoint that commands set after the stack is made. */
const laterSettings = { baseUrl: "https://directory.example.com/scim", token: ENCRYPTED };

/** The configuration as text, with a placeholder for each encrypted value. */
function textOf({ config }: StackFile): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => {
      const plain = decrypted(value);
      const isExternal = isRecord(plain) && plain["kind"] === "external";
      return [key, asText(isExternal ? { ...laterSettings, ...plain } : plain)];
    }),
  );
}

function commandsOf(tenants: readonly TenantFile[], { stack }: StackFile, { external }: Wishes): string[] {
  const provider = tenants.find(({ file }) => file.secretsProvider !== undefined)?.file.secretsProvider;
  return [
    `pulumi stack init ${stack}${provider === undefined ? "" : ` --secrets-provider '${provider}'`}`,
    ...(external === undefined ? [] : [setSecretCommand(["endpoint", "token"], stack)]),
    `pulumi up --stack ${stack}`,
    `npm run next-steps -- --stack ${stack}`,
  ];
}

/** @throws StackError for an entry that begins as JSON and is none */
function parsed(entry: string): unknown {
  try {
    return JSON.parse(entry);
  } catch (cause) {
    throw new StackError(
      `--push ${entry} is not JSON; allowed: the name of a group, or an entry such as '{"startsWith": "Team "}'`,
      { cause },
    );
  }
}
