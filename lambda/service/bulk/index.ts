import type { JsonValue } from "../../model.ts";
import {
  declaredId,
  readBulkRequest,
  resolveReferences,
  resolveText,
  withoutReferences,
  type BulkOperation,
} from "../../scim/bulk/index.ts";
import { ScimError } from "../../scim/error.ts";
import type { ResourceType } from "../../scim/schema/index.ts";
import type { Context } from "../context.ts";
import { toScimError } from "../errors.ts";
import type { Answer } from "../resources.ts";
import { addressIn, perform } from "./perform.ts";
import { awaitedBy, lostBy, nextTasks, startRun, type OperationResult, type Run, type Task } from "./run.ts";

/** The answer to a bulk request. */
export interface BulkAnswer {
  /** The operations that were performed or rejected, in the order of the request. */
  readonly results: readonly OperationResult[];
  /** The unexpected error that ended the request. */
  readonly failure: ScimError | undefined;
}

/**
 * Performs the operations of a bulk request one after another (RFC 7644 §3.7), each like a single request. An operation
 * that refers to a resource created later waits for it. If resources refer to each other in a circle, one is created
 * without its references and completed afterwards. Operations performed before an error stay: a bulk request is not a
 * transaction. Once the time is over, or the directory is busy, each operation that has not begun gets a 429.
 */
export async function bulk(context: Context, body: JsonValue): Promise<BulkAnswer> {
  const { operations, failOnErrors } = readBulkRequest(body);
  const run = startRun(context, operations);
  const failures = (): number => run.tasks.filter(({ result }) => result?.error).length;
  const isOver = (): boolean => run.failure !== undefined || failures() >= failOnErrors;

  for (let tasks = nextTasks(run); tasks.length > 0 && !isOver(); tasks = nextTasks(run)) {
    for (const task of tasks) {
      if (isOver()) break;
      await advance(run, task);
    }
  }
  for (const task of run.tasks) {
    const error = task.result ? undefined : await undo(run, task);
    if (error) fail(run, task, error);
  }
  return { results: run.tasks.flatMap(({ result }) => result ?? []), failure: run.failure };
}

/** Performs a task that is ready, or the first half of a task that waits in a circle. */
async function advance(run: Run, task: Task): Promise<void> {
  if (task.created) return complete(run, task, task.created.id);
  const lost = lostBy(run, task);
  if (lost !== undefined) return fail(run, task, unresolved(run, lost));
  if (task.operation.method === "POST" && task.operation.bulkId === undefined) {
    return fail(run, task, ScimError.invalidValue("A POST needs a bulkId."));
  }
  const operation = resolve(run, task.operation);
  if (operation.method === "POST") return create(run, task, operation);
  const outcome = await attempt(run, operation);
  if (outcome instanceof ScimError) fail(run, task, outcome);
  else succeed(run, task, outcome);
}

/** Creates the resource of a task; without its references if the task waits in a circle. */
async function create(run: Run, task: Task, operation: BulkOperation): Promise<void> {
  const isWaiting = awaitedBy(run, task) !== undefined;
  const data = isWaiting ? withoutReferences(typeOf(run, operation), operation) : operation.data;
  const outcome = await attempt(run, { ...operation, data });
  if (outcome instanceof ScimError) return fail(run, task, outcome);
  const { id } = outcome;
  const bulkId = declaredId(task.operation);
  if (id !== undefined && bulkId !== undefined) run.ids.set(bulkId, id);
  if (isWaiting && id !== undefined) task.created = { id, location: outcome.location };
  else succeed(run, task, outcome);
}

/** The second half of a task in a circle: adds the references. If that fails, the resource is deleted. */
async function complete(run: Run, task: Task, id: string): Promise<void> {
  const { path, data } = resolve(run, task.operation);
  const lost = lostBy(run, task);
  const outcome =
    lost === undefined ? await attempt(run, operationOn("PUT", `${path}/${id}`, data)) : unresolved(run, lost);
  if (!(outcome instanceof ScimError)) return succeed(run, task, { ...outcome, status: 201 });
  fail(run, task, (await undo(run, task)) ?? outcome);
}

/** Deletes a resource that will not get its references. Returns the error if that fails. */
async function undo(run: Run, task: Task): Promise<ScimError | undefined> {
  if (!task.created) return undefined;
  const { path } = resolve(run, task.operation);
  try {
    await perform(run.context, operationOn("DELETE", `${path}/${task.created.id}`, undefined));
  } catch (error) {
    const known = toScimError(error);
    run.failure ??= unexpected(known);
    return known.withDetail(
      `The resource was created without its references and could not be deleted again. Delete it, or PUT its references. ${known.message}`,
    );
  }
  run.ids.delete(declaredId(task.operation) ?? "");
  task.created = undefined;
  return undefined;
}

/** Performs an operation, unless the time is over or an earlier operation found the directory busy. */
async function attempt(run: Run, operation: BulkOperation): Promise<Answer | ScimError> {
  if (run.context.deadline.remaining() <= 0) run.busy ??= notBegun();
  if (run.busy) return run.busy;
  try {
    return await perform(run.context, operation);
  } catch (error) {
    const known = toScimError(error);
    if (known.status === 429) run.busy = known;
    run.failure ??= unexpected(known);
    return known;
  }
}

const unexpected = (error: ScimError): ScimError | undefined => (error.status === 500 ? error : undefined);

function succeed(run: Run, task: Task, { status, version, location }: Answer): void {
  const { operation } = task;
  task.result = {
    operation,
    status,
    location: location ?? task.created?.location ?? addressOf(run, operation),
    version,
    error: undefined,
  };
}

function fail(run: Run, task: Task, error: ScimError): void {
  const { operation } = task;
  const location = operation.method === "POST" ? task.created?.location : addressOf(run, operation);
  task.result = { operation, status: error.status, location, version: undefined, error };
}

function addressOf({ context, ids }: Run, { path }: BulkOperation): string {
  return context.service.baseUrl + resolveText(path, ids);
}

function resolve(run: Run, operation: BulkOperation): BulkOperation {
  const data = resolveReferences(typeOf(run, operation), operation, run.ids);
  return { ...operation, path: resolveText(operation.path, run.ids), data };
}

function typeOf({ context }: Run, { path }: BulkOperation): ResourceType | undefined {
  return addressIn(context, path)?.type;
}

function operationOn(method: "PUT" | "DELETE", path: string, data: JsonValue | undefined): BulkOperation {
  return { method, path, data, bulkId: undefined, version: undefined };
}

/** The error of an operation that refers to a resource that was not created. */
function unresolved({ creators }: Run, bulkId: string): ScimError {
  const cause = creators.get(bulkId)?.result?.error;
  if (cause?.status === 429) return cause;
  return ScimError.conflict(
    `bulkId:${bulkId.slice(0, 100)} names no resource that this request created; its operation failed or is missing.`,
  );
}

function notBegun(): ScimError {
  return ScimError.busy("The time of this request is over, and this operation was not begun. Send it again.", 1);
}
