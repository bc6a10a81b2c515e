import { ScimError } from "../error.ts";
import type { MemberChange } from "../../model.ts";
import { checkRequired, isMembers } from "../document/index.ts";
import type { JsonObject, JsonValue } from "../../model.ts";
import { limits } from "../limits.ts";
import type { ResourceType } from "../schema/index.ts";
import { applySteps } from "./apply.ts";
import { foldMembers, namesIds } from "./members.ts";
import { readOperations } from "./operations.ts";
import { readSteps, type Step } from "./steps.ts";

/** A PATCH, checked as far as possible without the resource. */
export interface Patch {
  /** A changed copy of `Stored.attributes`. Throws 400 `noTarget`, `invalidValue` or `mutability`: all or nothing. */
  apply(attributes: JsonObject): JsonObject;
  /** The change of a group's members; undefined if there is none. */
  readonly members: MemberChange | undefined;
}

/**
 * Reads a PATCH of RFC 7644 §3.5.2. Throws 400 `invalidSyntax`, `invalidPath`, `invalidFilter`, `invalidValue`,
 * `mutability` or `noTarget`.
 */
export function readPatch(type: ResourceType, body: JsonValue): Patch {
  const steps = readSteps(type, readOperations(body));
  const members = steps.filter(({ target }) => isMembers(type, target));
  const others = steps.filter(({ target }) => !isMembers(type, target));
  checkBounds(members, others);
  return {
    members: foldMembers(members),
    apply(attributes) {
      const document = structuredClone(attributes);
      applySteps(document, others);
      if (others.length > 0) checkRequired(type, document);
      return document;
    },
  };
}

/** The limits on values and filters bound one step; these limits bound the work of all steps together. */
function checkBounds(members: readonly Step[], others: readonly Step[]): void {
  const isDelta = ({ op, filter }: Step): boolean => op !== "replace" && filter !== undefined && namesIds(filter);
  const filters = [...others, ...members.filter((step) => !isDelta(step))].flatMap(({ filter, path }) =>
    filter ? [path.length] : [],
  );
  if (filters.length > limits.valueFilters || sum(filters) > limits.valueFilterText) {
    throw ScimError.invalidValue(
      `The PATCH has more than ${limits.valueFilters} value filters, or more than ${limits.valueFilterText} characters of them; send several requests.`,
    );
  }
  const values = sum(others.map(({ value }) => (Array.isArray(value) ? value.length : 1)));
  if (values > limits.values) {
    throw ScimError.invalidValue(`The PATCH has ${values} values; at most ${limits.values} are accepted.`);
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
