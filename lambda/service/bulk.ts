import {
  bulkResponse,
  declaredId,
  readBulkRequest,
  referencesOf,
  resolveReferences,
  resolveText,
  withoutReferences,
  type BulkOperation,
  type BulkResult,
} from "../scim/bulk/index.ts";
import { ScimError } from "../scim/error.ts";
import type { JsonObject, JsonValue } from "../model.ts";
import { respond, respondError, type HttpResponse } from "../http/message.ts";

/** Does one operation as its single request would be done. Answers whatever happens. */
export type Perform = (operation: BulkOperation) => Promise<HttpResponse>;

/** An operation on its way. */
interface Task {
  readonly operation: BulkOperation;
  /** The bulkIds that it refers to. */
  readonly references: ReadonlySet<string>;
  /** The id of a resource that was made without its references, which the rest of the task puts in. */
  madeAs: string | undefined;
  result: BulkResult | undefined;
}

/**
 * Does the operations of a bulk request one after another (RFC 7644 §3.7), each as its single request would be done. One
 * that refers to a resource made later waits for it; where resources refer to each other in a circle, one is made without
 * its references and completed afterwards. What was done before an error stays done: a bulk request is no transaction.
 */
export async function bulk(
  body: JsonValue,
  perform: Perform,
  addressOf: (path: string) => string,
): Promise<HttpResponse> {
  const { operations, failOnErrors } = readBulkRequest(body);
  const declared = new Set(operations.flatMap((operation) => declaredId(operation) ?? []));
  const tasks = operations.map((operation): Task => {
    return { operation, references: referencesOf(operation, declared), madeAs: undefined, result: undefined };
  });
  const run = createRun(tasks, perform, addressOf);
  const failures = (): number => tasks.filter(({ result }) => result && result.status >= 400).length;
  const isOver = (): boolean => run.failure !== undefined || failures() >= failOnErrors;

  while (!isOver() && tasks.some(({ result }) => !result)) {
    const ready = tasks.filter((task) => !task.result && run.isReady(task));
    for (const task of ready.length > 0 ? ready : [run.firstOfCircle()]) {
      if (isOver()) break;
      await run.advance(task);
    }
  }
  for (const task of tasks) if (!task.result) await run.undo(task);
  const done = tasks.flatMap(({ result }) => result ?? []);
  return { ...respond(200, bulkResponse(done)), ...(run.failure === undefined ? {} : { failure: run.failure }) };
}

function createRun(tasks: readonly Task[], perform: Perform, addressOf: (path: string) => string) {
  const makers = new Map(
    tasks.flatMap((task) => {
      const id = declaredId(task.operation);
      return id === undefined ? [] : [[id, task] as const];
    }),
  );
  const ids = new Map<string, string>();
  let busy: HttpResponse | undefined;
  let failure: unknown;

  const isPending = (name: string): boolean =>
    !ids.has(name) && makers.get(name)?.result === undefined && makers.has(name);
  const isLost = (name: string): boolean => !ids.has(name) && !isPending(name);

  /** Once the directory has no time left, what remains is answered like the operation that found out. */
  async function performed(operation: BulkOperation): Promise<HttpResponse> {
    if (busy) return busy;
    const response = await perform(operation);
    if (response.status === 429) busy = response;
    failure ??= response.failure;
    return response;
  }

  function finish(task: Task, response: HttpResponse, id = task.madeAs): void {
    const { operation } = task;
    const path =
      operation.method === "POST"
        ? id === undefined
          ? undefined
          : `${operation.path}/${id}`
        : resolvedPath(operation);
    const failed = response.status >= 400;
    task.result = {
      operation,
      status: response.status,
      location: response.headers["location"] ?? (path === undefined ? undefined : addressOf(path)),
      version: response.headers["etag"],
      response: failed && response.body !== undefined ? (JSON.parse(response.body) as JsonObject) : undefined,
    };
  }

  const resolvedPath = ({ path }: BulkOperation): string => resolveText(path, ids);
  const resolved = (operation: BulkOperation): BulkOperation => ({
    ...operation,
    path: resolvedPath(operation),
    data: operation.data === undefined ? undefined : resolveReferences(operation.data, ids),
  });

  /** Makes the resource of a task; of one that waits in a circle without what it refers to. */
  async function make(task: Task, operation: BulkOperation): Promise<void> {
    const isWaiting = [...task.references].some(isPending);
    const { data } = operation;
    const response = await performed(
      isWaiting && data !== undefined ? { ...operation, data: withoutReferences(data) } : operation,
    );
    const id = idOf(response);
    const name = declaredId(task.operation);
    if (id !== undefined && name !== undefined) ids.set(name, id);
    if (isWaiting && id !== undefined) task.madeAs = id;
    else finish(task, response, id);
  }

  /** Takes away a resource that waits for its references in vain. */
  async function undo(task: Task): Promise<void> {
    if (task.madeAs === undefined) return;
    const { path } = resolved(task.operation);
    await perform({
      method: "DELETE",
      bulkId: undefined,
      version: undefined,
      path: `${path}/${task.madeAs}`,
      data: undefined,
    });
    ids.delete(declaredId(task.operation) ?? "");
    task.madeAs = undefined;
  }

  /** Puts the references into a resource that was made without; where that fails the resource goes again. */
  async function complete(task: Task, id: string): Promise<void> {
    const { path, data } = resolved(task.operation);
    const target = { method: "PUT", bulkId: undefined, version: undefined, path: `${path}/${id}`, data };
    const lost = [...task.references].find(isLost);
    const response = lost === undefined ? await performed(target) : unresolved(lost);
    if (response.status < 400) {
      finish(task, { ...response, status: 201 });
      return;
    }
    await undo(task);
    finish(task, response);
  }

  return {
    undo,
    get failure() {
      return failure;
    },
    isReady: (task: Task): boolean => ![...task.references].some(isPending),

    /** With none ready, every task waits for another: going from one to the next ends in a circle. */
    firstOfCircle(): Task {
      const seen = new Set<Task>();
      let task = tasks.find(({ result }) => !result);
      while (task && !seen.has(task)) {
        seen.add(task);
        const awaited = [...task.references].find(isPending);
        task = awaited === undefined ? undefined : makers.get(awaited);
      }
      if (!task) throw new Error("a task that waits for nothing is ready");
      return task;
    },

    /** Does a task that is ready, or the first half of one that waits in a circle. */
    async advance(task: Task): Promise<void> {
      if (task.madeAs !== undefined) return complete(task, task.madeAs);
      const lost = [...task.references].find(isLost);
      if (lost !== undefined) return finish(task, unresolved(lost));
      if (task.operation.method === "POST" && task.operation.bulkId === undefined) {
        return finish(task, respondError(ScimError.invalidValue("A POST needs a bulkId.")));
      }
      const operation = resolved(task.operation);
      if (operation.method === "POST") return make(task, operation);
      finish(task, await performed(operation));
    },
  };
}

function unresolved(name: string): HttpResponse {
  return respondError(
    ScimError.conflict(
      `bulkId:${name.slice(0, 100)} names no resource that this request made; its operation failed or is missing.`,
    ),
  );
}

function idOf({ status, body }: HttpResponse): string | undefined {
  if (status !== 201 || body === undefined) return undefined;
  const { id } = JSON.parse(body) as JsonObject;
  return typeof id === "string" ? id : undefined;
}
