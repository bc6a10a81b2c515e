import { configPath, setCommand } from "../../components/config/commands.ts";
import { defaultLabel, schemas } from "../../components/config/keys.ts";
import type { TenantConfig } from "../../components/config/tenant.ts";
import { fileOf, type StackFile } from "../live/stackFile.ts";
import type { FileProblem, TenantFile } from "./stacks.ts";

/** A name that only one tenant may have: in its org, or anywhere. */
interface Claim {
  readonly kind: "slug" | "app" | "group" | "domain";
  readonly path: readonly PropertyKey[];
  readonly name: string;
  readonly scope: "org" | "everywhere";
}

/** The name of a claim for people, and the allowed values. */
const words: Readonly<Record<Claim["kind"], { readonly what: string; readonly allowed: string }>> = {
  slug: { what: "the tenant", allowed: "one slug for each tenant" },
  app: { what: "the app label", allowed: "one label for each tenant of an org" },
  group: { what: "an Okta group", allowed: "one group for each tenant of an org, since each stack makes its own" },
  domain: { what: "the domain", allowed: "one domain for each tenant" },
};

/**
 * The Okta org that a stack file names: `okta:orgName` and `okta:baseUrl`. Files that name none share the org of the
 * environment.
 */
export function orgOf({ config }: Pick<StackFile, "config">): string {
  const part = (key: string): string => (typeof config[key] === "string" ? config[key].trim().toLowerCase() : "");
  return `${part("okta:orgName")}.${part("okta:baseUrl") || "okta.com"}`;
}

/** The claim that a new tenant makes with this name. */
export function claimFor(kind: "slug" | "app" | "group", name: string): Claim {
  const path = { slug: ["tenant"], app: ["app", "label"], group: ["assignmentGroup"] }[kind];
  return { kind, path, name, scope: kind === "slug" ? "everywhere" : "org" };
}

/** The claims of a configuration. A stack whose Okta half is made by hand makes nothing in an org. */
function claimsOf(config: Partial<TenantConfig>): Claim[] {
  const { tenant, endpoint, oktaHalf } = config;
  const domain = endpoint?.kind === "managed" ? endpoint.domain : undefined;
  return [
    ...(tenant === undefined ? [] : [claimFor("slug", tenant)]),
    ...(oktaHalf === "byHand" ? [] : orgClaims(config)),
    ...(domain === undefined
      ? []
      : [{ kind: "domain", path: ["endpoint", "domain", "name"], name: domain.name, scope: "everywhere" } as const]),
  ];
}

/** What the stack makes in its org: the app and groups. */
function orgClaims({ tenant, app, assignmentGroup, pushGroups = [] }: Partial<TenantConfig>): Claim[] {
  const created = pushGroups.flatMap(({ create, name }, index): Claim[] =>
    create && name !== undefined ? [{ kind: "group", path: ["pushGroups", index, "name"], name, scope: "org" }] : [],
  );
  const label = app?.label ?? (app === undefined || tenant === undefined ? undefined : defaultLabel(tenant));
  return [
    ...(label === undefined ? [] : [claimFor("app", label)]),
    ...(assignmentGroup === undefined ? [] : [claimFor("group", assignmentGroup)]),
    ...created,
  ];
}

/** Names that a person cannot tell apart: without case, in one Unicode form. Okta compares names of groups without case. */
const folded = (name: string): string => name.trim().normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC");

/** The same text for claims that exclude each other. */
const claimKey = ({ kind, name, scope }: Claim, org: string): string =>
  JSON.stringify([kind, scope === "org" ? org : "", folded(name)]);

/** The claims of these tenants, as keys. Examples are left out. */
export function takenClaims(tenants: readonly TenantFile[]): ReadonlySet<string> {
  return new Set(
    tenants.flatMap(({ file, config }) =>
      file.isExample ? [] : claimsOf(config).map((claim) => claimKey(claim, orgOf(file))),
    ),
  );
}

const isFree = (claim: Claim, org: string, taken: ReadonlySet<string>): boolean => !taken.has(claimKey(claim, org));

/** The claim with a free name: the first free one of the wishes, or the last wish with a number. */
export function freeName(claim: Claim, wishes: readonly string[], org: string, taken: ReadonlySet<string>): string {
  const free = (name: string): boolean => isFree({ ...claim, name }, org, taken);
  const wish = wishes.find(free);
  if (wish !== undefined) return wish;
  const numbered = (count: number): string => {
    const name = renamed(claim.kind, wishes.at(-1) ?? claim.name, String(count));
    return free(name) ? name : numbered(count + 1);
  };
  return numbered(2);
}

/** A name with a part added, in the form of such names. */
export function renamed(kind: Claim["kind"], name: string, part: string): string {
  if (kind === "domain") return `${part.toLowerCase().replace(/[^a-z0-9-]/g, "-")}.${name}`;
  if (kind === "slug") return `${name.slice(0, 23 - part.length)}-${part}`;
  return kind === "app" ? `${name} ${part}` : `${name}_${part}`;
}

/** Every claim that an earlier file, by name, also makes. */
export function collisions(tenants: readonly TenantFile[]): FileProblem[] {
  const owners = new Map<string, string>();
  const taken = takenClaims(tenants);
  return tenants.flatMap(({ file, config }) => {
    if (file.isExample) return [];
    return claimsOf(config).flatMap((claim): FileProblem[] => {
      const key = claimKey(claim, orgOf(file));
      const owner = owners.get(key);
      if (owner === undefined) owners.set(key, file.stack);
      return owner === undefined || owner === file.stack ? [] : [collision(claim, file, owner, taken)];
    });
  });
}

function collision(claim: Claim, file: StackFile, owner: string, taken: ReadonlySet<string>): FileProblem {
  const { kind, path, name, scope } = claim;
  const { what, allowed } = words[kind];
  const where = scope === "org" ? ` in the org ${orgName(file)}` : "";
  const wishes = kind !== "slug" ? [renamed(kind, name, file.stack)] : isSlug(file.stack) ? [file.stack] : [name];
  return {
    file: fileOf(file.stack),
    path: configPath(path),
    wrong: `${JSON.stringify(name)} is ${what} of ${fileOf(owner)} too${where}`,
    allowed,
    fix: setCommand(path, freeName(claim, wishes, orgOf(file), taken), file.stack),
  };
}

/** Whether the text can be a tenant's slug. */
export const isSlug = (text: string): boolean => schemas.tenant.safeParse(text).success;

const orgName = (file: StackFile): string => (orgOf(file).startsWith(".") ? "of the environment" : orgOf(file));
