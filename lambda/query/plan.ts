import type { Stored } from "../model.ts";
import { ScimError } from "../scim/error.ts";
import { conjuncts, type Filter, type Target } from "../scim/filter/index.ts";
import { limits } from "../scim/limits.ts";
import { coreAttributes, findAttribute } from "../scim/schema/resolve.ts";
import type { ResourceType } from "../scim/schema/index.ts";
import { mapBounded } from "./concurrency.ts";
import { orAbsent, readAll, WIDTH } from "../service/load.ts";
import type { Context } from "../service/context.ts";

/** How a filter is served by keys: everything that satisfies it is among what the lookups find. */
export interface Plan {
  readonly lookups: readonly Lookup[];
  /** What a found resource must satisfy yet. */
  readonly rest: readonly Filter[];
}

type Condition = Filter & { readonly target: Target };

interface Lookup {
  readonly name: string;
  readonly value: string;
}

/** The attributes that have a key, the best to start from first. */
const keyed = {
  User: ["id", "userName", "externalId", "groups"],
  Group: ["members", "id", "displayName", "externalId"],
} as const;

/** Finding by these answers who belongs to what: checking it again would read all members of every group found. */
const connections: readonly string[] = ["members", "groups"];

/** A filter of RFC 7644 §3.4.2.2 as lookups; undefined where only reading every resource can tell. */
export function planFilter(type: ResourceType, filter: Filter): Plan | undefined {
  const parts = conjuncts(filter);
  const plans = parts.flatMap((part) => {
    const lookups = lookupsOf(type, part);
    return lookups ? [{ part, lookups, rank: rankOf(type, lookups) }] : [];
  });
  const [best] = plans.toSorted((one, other) => one.rank - other.rank);
  if (!best) return undefined;
  const isAnswered = isWhole(best.part) && best.lookups.every(({ name }) => connections.includes(name));
  return { lookups: best.lookups, rest: isAnswered ? parts.filter((part) => part !== best.part) : parts };
}

function rankOf(type: ResourceType, lookups: readonly Lookup[]): number {
  const names: readonly string[] = keyed[type.name];
  return Math.max(...lookups.map(({ name }) => names.indexOf(name)));
}

/** The `eq` of a keyed attribute, also as `members[value eq "…"]`, or an `or` of nothing but these. */
function lookupsOf(type: ResourceType, part: Filter): readonly Lookup[] | undefined {
  switch (part.kind) {
    case "not":
      return undefined;
    case "and":
    case "or": {
      if (part.kind === "and") return planFilter(type, part)?.lookups;
      const each = part.operands.map((operand) => lookupsOf(type, operand));
      return each.every((lookups) => lookups !== undefined) ? each.flat() : undefined;
    }
    default:
      return lookupsOfCondition(type, part);
  }
}

function lookupsOfCondition(type: ResourceType, part: Condition): readonly Lookup[] | undefined {
  // Another type's attribute, in a query over several types: no resource of this type has a value there.
  if (!defines(type, part.target)) return part.kind === "compare" && part.operator === "ne" ? undefined : [];
  if (part.kind === "valuePath") {
    const inner = conjuncts(part.filter).flatMap((condition) => eqOf(condition) ?? []);
    const value = inner.find(({ name }) => name === "value")?.value;
    return value === undefined ? undefined : known(type, part.target, value);
  }
  if (part.kind !== "compare" || (part.target.sub && part.target.sub.name !== "value")) return undefined;
  const value = eqOf(part)?.value;
  return value === undefined ? undefined : known(type, part.target, value);
}

function eqOf(part: Filter): Lookup | undefined {
  if (part.kind !== "compare" || part.operator !== "eq" || typeof part.value !== "string") return undefined;
  return { name: part.target.attribute.name, value: part.value };
}

function known(type: ResourceType, { extension, attribute }: Target, value: string): readonly Lookup[] | undefined {
  const names: readonly string[] = keyed[type.name];
  return extension === undefined && names.includes(attribute.name) ? [{ name: attribute.name, value }] : undefined;
}

function defines({ known: { schema, extensions } }: ResourceType, { extension, attribute }: Target): boolean {
  if (extension !== undefined) return extensions.some(({ id }) => id === extension);
  return findAttribute(coreAttributes(schema), attribute.name) !== undefined;
}

/** Whether a part says nothing beyond what its lookups ask for. */
function isWhole(part: Filter): boolean {
  if (part.kind === "or") return part.operands.every(isWhole);
  return part.kind === "compare" || (part.kind === "valuePath" && part.filter.kind === "compare");
}

/** What the lookups find, each once, in order of id. Throws 400 `tooMany` beyond 5,000. */
export async function lookUp(
  context: Context,
  type: ResourceType,
  lookups: readonly Lookup[],
): Promise<readonly Stored[]> {
  const found = await mapBounded(lookups, WIDTH, (lookup) => lookUpOne(context, type, lookup));
  const byId = new Map(found.flat().map((stored) => [stored.id, stored]));
  bounded(byId.size);
  return [...byId.values()].toSorted((one, other) => (one.id < other.id ? -1 : 1));
}

async function lookUpOne(
  { directory }: Context,
  type: ResourceType,
  { name, value }: Lookup,
): Promise<readonly Stored[]> {
  const list = (found: Stored | undefined): Stored[] => (found ? [found] : []);
  switch (name) {
    case "id":
      return list(await orAbsent(type.name === "User" ? directory.getUser(value) : directory.getGroup(value)));
    case "userName":
      return list(await directory.findUserByUserName(value));
    case "displayName":
      return list(await directory.findGroupByDisplayName(value));
    case "externalId":
      return directory.findByExternalId(type.name, value, limits.scan + 1);
    case "members":
      return directory.groupsWithMember(value);
    default: {
      const members = (await orAbsent(directory.getGroupWithMembers(value)))?.members ?? [];
      bounded(members.length);
      return readAll(members, (id) => directory.getUser(id));
    }
  }
}

function bounded(count: number): void {
  if (count <= limits.scan) return;
  throw ScimError.tooMany(`More than ${limits.scan} resources satisfy this filter. Add a condition with and.`);
}
