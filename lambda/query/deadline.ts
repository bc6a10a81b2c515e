import type { Deadline, ResourceKind } from "../model.ts";
import { ScimError } from "../scim/error.ts";

/** Milliseconds kept for showing the page that a query found: reading the members or groups of its resources. */
const SHOWING = 4000;

/** Whether a query must end its reading. */
export function isOver(deadline: Deadline): boolean {
  return deadline.remaining() < SHOWING;
}

/** The answer where part of a result would be a wrong answer, as of a sorted list. */
export function timeIsOver(kind: ResourceKind, advice: string): ScimError {
  return ScimError.tooMany(`This ${kind} query takes longer than a request may. ${advice}`);
}
