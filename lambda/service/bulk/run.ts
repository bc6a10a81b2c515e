import { declaredId, referencesOf, type BulkOperation } from "../../scim/bulk/index.ts";
import type { ScimError } from "../../scim/error.ts";
import type { Context } from "../context.ts";
import { addressIn } from "./perform.ts";

/** The result of one operation. */
export interface OperationResult {
  readonly operation: BulkOperation;
  readonly status: number;
  /** The address of the resource; undefined if none was created. */
  readonly location: string | undefined;
  readonly version: string | undefined;
  readonly error: ScimError | undefined;
}

/** The state of an operation. */
export interface Task {
  readonly operation: BulkOperation;
  /** The bulkIds that it refers to. */
  readonly references: ReadonlySet<string>;
  /** The resource that was created without its references, which the rest of the task adds. */
  created: { readonly id: string; readonly location: string | undefined } | undefined;
  result: OperationResult | undefined;
}

/** The state of a bulk request. */
export interface Run {
  readonly context: Context;
  readonly tasks: readonly Task[];
  /** The task that creates the resource of a bulkId. */
  readonly creators: ReadonlyMap<string, Task>;
  /** The ids of the resources created so far, by bulkId. */
  readonly ids: Map<string, string>;
  /** The 429 for every operation that has not begun. */
  busy: ScimError | undefined;
  /** The 500 after which no operation begins. */
  failure: ScimError | undefined;
}

/** The state of a bulk request of which no operation has begun. */
export function startRun(context: Context, operations: readonly BulkOperation[]): Run {
  const declared = new Set(operations.flatMap((operation) => declaredId(operation) ?? []));
  const tasks = operations.map((operation): Task => {
    const references = referencesOf(addressIn(context, operation.path)?.type, operation, declared);
    return { operation, references, created: undefined, result: undefined };
  });
  const creators = tasks.flatMap((task) => {
    const bulkId = declaredId(task.operation);
    return bulkId === undefined ? [] : [[bulkId, task] as const];
  });
  return { context, tasks, creators: new Map(creators), ids: new Map(), busy: undefined, failure: undefined };
}

/** Whether the resource of a bulkId may still be created. */
function isPending({ ids, creators }: Run, bulkId: string): boolean {
  const creator = creators.get(bulkId);
  return creator !== undefined && creator.result === undefined && !ids.has(bulkId);
}

/** The first bulkId that a task waits for. */
export function awaitedBy(run: Run, { references }: Task): string | undefined {
  return [...references].find((bulkId) => isPending(run, bulkId));
}

/** The first bulkId of a task whose resource was not created and will not be. */
export function lostBy(run: Run, { references }: Task): string | undefined {
  return [...references].find((bulkId) => !run.ids.has(bulkId) && !isPending(run, bulkId));
}

/** The tasks to do next: all tasks that wait for nothing, or else one of a circle of tasks that wait for each other. */
export function nextTasks(run: Run): readonly Task[] {
  const open = run.tasks.filter(({ result }) => !result);
  const ready = open.filter((task) => awaitedBy(run, task) === undefined);
  if (ready.length > 0) return ready;
  const inCircle = firstOfCircle(run, open[0]);
  return inCircle ? [inCircle] : [];
}

/** If every task waits for another, following them from one to the next ends in a circle. */
function firstOfCircle(run: Run, start: Task | undefined): Task | undefined {
  const seen = new Set<Task>();
  let task = start;
  while (task && !seen.has(task)) {
    seen.add(task);
    const awaited = awaitedBy(run, task);
    task = awaited === undefined ? undefined : run.creators.get(awaited);
  }
  return task;
}
