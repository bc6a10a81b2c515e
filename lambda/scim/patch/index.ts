import { ScimError } from "../error.ts";
import type { MemberChange } from "../../model.ts";
import { checkRequired } from "../document/index.ts";
import type { JsonObject, JsonValue } from "../../model.ts";
import { limits } from "../limits.ts";
import type { ResourceType } from "../schema/index.ts";
import { applyStep } from "./apply.ts";
import { foldMembers, namesIds } from "./members.ts";
import { readOperations } from "./operations.ts";
import { readSteps, type Step } from "./steps.ts";

/** A PATCH that was checked as far as it can be without the resource. */
export interface Patch {
  /** The changed copy of `Stored.attributes`, or 400 `noTarget`, `invalidValue`, `mutability`: all or nothing. */
  apply(attributes: JsonObject): JsonObject;
  /** What it does to a group's members; undefined where it does nothing to them. */
  readonly members: MemberChange | undefined;
}

/**
 * Reads a PATCH of RFC 7644 §3.5.2. Throws 400 `invalidSyntax`, `invalidPath`, `invalidFilter`, `invalidValue`,
 * `mutability` or `noTarget`.
 */
export function readPatch(type: ResourceType, body: JsonValue): Patch {
  const steps = readSteps(type, readOperations(body));
  const isMembers = (step: Step): boolean =>
    type.name === "Group" && step.target.extension === undefined && step.target.attribute.name === "members";
  const members = steps.filter(isMembers);
  const others = steps.filter((step) => !isMembers(step));
  checkBounds(members, others);
  return {
    members: foldMembers(members),
    apply(attributes) {
      const document = structuredClone(attributes);
      for (const step of others) applyStep(document, step);
      if (others.length > 0) checkRequired(type, document);
      return document;
    },
  };
}

/** One step is bounded by the limits on values and filters; these bound the work of all of them together. */
function checkBounds(members: readonly Step[], others: readonly Step[]): void {
  const isDelta = ({ op, filter }: Step): boolean => op !== "replace" && filter !== undefined && namesIds(filter);
  const filters = [...others, ...members.filter((step) => !isDelta(step))].flatMap(({ filter, path }) =>
    filter ? [path.length] : [],
  );
  if (filters.length > limits.valueFilters || sum(filters) > limits.valueFilterText) {
    throw ScimError.invalidValue(
      `The PATCH has more than ${limits.valueFilters} value filters or ${limits.valueFilterText} characters of them; send several.`,
    );
  }
  const values = sum(others.map(({ value }) => (Array.isArray(value) ? value.length : 1)));
  if (values > limits.values) {
    throw ScimError.invalidValue(`The PATCH has ${values} values; at most ${limits.values} are accepted.`);
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
