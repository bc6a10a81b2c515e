import type { MemberChange } from "../../directory/directory.ts";
import { checkRequired } from "../document/index.ts";
import type { JsonObject, JsonValue } from "../json.ts";
import type { ResourceType } from "../schema/index.ts";
import { applyStep } from "./apply.ts";
import { foldMembers } from "./members.ts";
import { readOperations } from "./operations.ts";
import { readSteps } from "./steps.ts";

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
  const isMembers = (step: (typeof steps)[number]): boolean =>
    type.name === "Group" && step.target.extension === undefined && step.target.attribute.name === "members";
  const others = steps.filter((step) => !isMembers(step));
  return {
    members: foldMembers(steps.filter(isMembers)),
    apply(attributes) {
      const document = structuredClone(attributes);
      for (const step of others) applyStep(document, step);
      if (others.length > 0) checkRequired(type, document);
      return document;
    },
  };
}
