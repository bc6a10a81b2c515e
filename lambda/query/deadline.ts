import type { Deadline, ResourceKind } from "../model.ts";
import { ScimError } from "../scim/error.ts";

/** Milliseconds reserved for showing the page that a query found: reading the members or groups of its resources. */
const SHOWING = 4000;

/** Whether a query must stop reading. */
export function isOver(deadline: Deadline): boolean {
  return deadline.remaining() < SHOWING;
}

/** The error of a query for which a part of the result would be a wrong answer, such as a sorted list. */
export function timeIsOver(kind: ResourceKind, advice: string): ScimError {
  return ScimError.tooMany(`This ${kind} query takes longer than a request may. ${advice}`);
}
