import { mapBounded } from "../concurrency.ts";
import type { Deadline, Stored } from "../model.ts";
import { ScimError } from "../scim/error.ts";
import { conjuncts, type Filter, type Target } from "../scim/filter/index.ts";
import { limits } from "../scim/limits.ts";
import type { ResourceType } from "../scim/schema/index.ts";
import { coreAttributes, findAttribute } from "../scim/schema/resolve.ts";
import { isOver, timeIsOver } from "./deadline.ts";
import { WIDTH, type Source } from "./source.ts";

/**
 * A plan that answers a filter by key: every resource that satisfies the filter is among those that the lookups find.
 */
interface LookupPlan {
  readonly lookups: readonly KeyedValue[];
  /** The filters that a found resource must also satisfy. */
  readonly rest: readonly Filter[];
}

type Condition = Filter & { readonly target: Target };

interface KeyedValue {
  readonly name: string;
  readonly value: string;
}

/** Plans the lookups of a filter (RFC 7644 §3.4.2.2); undefined if only reading every resource can answer it. */
export function planLookups(source: Source, filter: Filter): LookupPlan | undefined {
  const parts = conjuncts(filter);
  const plans = parts.flatMap((part) => {
    const lookups = lookupsOf(source, part);
    return lookups ? [{ part, lookups, rank: rankOf(source, lookups) }] : [];
  });
  const [best] = plans.toSorted((one, other) => one.rank - other.rank);
  if (!best) return undefined;
  // A lookup by connection is exact. Checking its result again would read all members of every group that it finds.
  const isExact = isWhole(best.part) && best.lookups.every(({ name }) => name === source.connection);
  return { lookups: best.lookups, rest: isExact ? parts.filter((part) => part !== best.part) : parts };
}

function rankOf(source: Source, lookups: readonly KeyedValue[]): number {
  const names = [...source.lookups.keys()];
  return Math.max(...lookups.map(({ name }) => names.indexOf(name)));
}

/** A lookup for `eq` on a keyed attribute, also `members[value eq "…"]`, or for an `or` of only such conditions. */
function lookupsOf(source: Source, part: Filter): readonly KeyedValue[] | undefined {
  switch (part.kind) {
    case "not":
      return undefined;
    case "and":
    case "or": {
      if (part.kind === "and") return planLookups(source, part)?.lookups;
      const each = part.operands.map((operand) => lookupsOf(source, operand));
      return each.every((lookups) => lookups !== undefined) ? each.flat() : undefined;
    }
    default:
      return lookupsOfCondition(source, part);
  }
}

function lookupsOfCondition(source: Source, part: Condition): readonly KeyedValue[] | undefined {
  // The attribute belongs to another type of a query over several types: no resource of this type has a value for it.
  if (!defines(source.type, part.target)) return part.kind === "compare" && part.operator === "ne" ? undefined : [];
  if (part.kind === "valuePath") {
    const inner = conjuncts(part.filter).flatMap((condition) => eqOf(condition) ?? []);
    const value = inner.find(({ name }) => name === "value")?.value;
    return value === undefined ? undefined : keyedValue(source, part.target, value);
  }
  if (part.kind !== "compare" || (part.target.sub && part.target.sub.name !== "value")) return undefined;
  const value = eqOf(part)?.value;
  return value === undefined ? undefined : keyedValue(source, part.target, value);
}

function eqOf(part: Filter): KeyedValue | undefined {
  if (part.kind !== "compare" || part.operator !== "eq" || typeof part.value !== "string") return undefined;
  return { name: part.target.attribute.name, value: part.value };
}

function keyedValue(
  { lookups }: Source,
  { extension, attribute }: Target,
  value: string,
): readonly KeyedValue[] | undefined {
  return extension === undefined && lookups.has(attribute.name) ? [{ name: attribute.name, value }] : undefined;
}

function defines({ known: { schema, extensions } }: ResourceType, { extension, attribute }: Target): boolean {
  if (extension !== undefined) return extensions.some(({ id }) => id === extension);
  return findAttribute(coreAttributes(schema), attribute.name) !== undefined;
}

/** Whether a part asks for nothing beyond its lookups. */
function isWhole(part: Filter): boolean {
  if (part.kind === "or") return part.operands.every(isWhole);
  return part.kind === "compare" || (part.kind === "valuePath" && part.filter.kind === "compare");
}

/**
 * The resources that the lookups find, each once, in order of id. Throws 400 `tooMany` beyond 5,000 or if it takes too
 * long.
 */
export async function lookUp(
  source: Source,
  lookups: readonly KeyedValue[],
  deadline: Deadline,
): Promise<readonly Stored[]> {
  const find = async ({ name, value }: KeyedValue): Promise<readonly Stored[]> =>
    (await source.lookups.get(name)?.(value)) ?? [];
  const found = await mapBounded(lookups, WIDTH, find, () => isOver(deadline));
  if (found.length < lookups.length) throw timeIsOver(source.type.name, source.advice);
  const byId = new Map(found.flat().map((stored) => [stored.id, stored]));
  if (byId.size > limits.scan) throw tooManyFound();
  return [...byId.values()].toSorted((one, other) => (one.id < other.id ? -1 : 1));
}

/** A lookup found more resources than a query may read. */
export function tooManyFound(): ScimError {
  return ScimError.tooMany(`More than ${limits.scan} resources satisfy this filter. Add a condition with and.`);
}
