import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { isRecord } from "../../../operations/live/isRecord.ts";
import type { ActionCount } from "./counts.ts";
import { refusalOf } from "./faults/answers.ts";
import { entriesOf, requestItems, withUnprocessed, type Entry } from "./faults/batches.ts";
import type { Fault } from "./faults/fault.ts";
import type { KeyLimiter } from "./faults/keyLimit.ts";
import { isReadCommitted, readInPieces, readMixed } from "./faults/reads.ts";
import type { KeyNames } from "./tableKeys.ts";
import { refuse, reply, replyBadly, replyBare, type EngineAnswer } from "./transport.ts";

type Body = Readonly<Record<string, unknown>>;

/** An allowed request on its way to the engine. */
export interface Call {
  readonly action: string;
  /** The first table that it names. */
  readonly table: string;
  readonly body: Body;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly count: ActionCount;
  readonly keyNames: KeyNames;
  readonly limiter: KeyLimiter | undefined;
  /** Sends a request of the same operation to the engine. */
  readonly ask: (body: Body) => Promise<{ readonly answer: EngineAnswer; readonly units: number }>;
}

/** Performs an allowed request, or the part of it that a fault and the limits of its keys leave, and answers it. */
export async function performRequest(call: Call, fault: Fault): Promise<void> {
  const { action, body, request, response, count, limiter } = call;
  const refusal = refusalOf(fault, action, body);
  const hit = isHit(call, fault, refusal);
  if (hit) count.faulted += 1;
  if (fault === "unanswered") return;
  if (fault === "cut") return void request.socket.destroy();
  if (typeof fault === "object" && "delayMs" in fault) await sleep(fault.delayMs);
  if (refusal !== undefined) return refuse(response, refusal);
  if (typeof fault === "object" && "status" in fault && !fault.done) return replyBare(response, fault.status);

  const admitted = (await limiter?.admit(action, body)) ?? { kind: "all" };
  if (admitted.kind !== "all") count.throttled += 1;
  if (admitted.kind === "none") return refuse(response, admitted.refusal);
  if (request.socket.destroyed) count.late += 1;
  const answer =
    admitted.kind === "some" ? await doSome(call, admitted.done, admitted.rest) : await doWhole(call, fault);

  if (fault === "unansweredDone") return;
  if (fault === "lost") return void request.socket.destroy();
  if (typeof fault === "object" && "status" in fault) return replyBare(response, fault.status);
  if (typeof fault === "object" && "body" in fault) return replyBadly(response, answer, fault.body);
  reply(response, answer);
}

/** Whether the fault changes anything for this request. */
function isHit({ action, body }: Call, fault: Fault, refusal: Body | undefined): boolean {
  if (fault === "pass") return false;
  if (fault === "throttle" || fault === "conflict") return refusal !== undefined;
  if (fault === "unprocessed") return (entriesOf(action, body)?.length ?? 0) > 1;
  return typeof fault === "object" && ("pieces" in fault || "mixed" in fault) ? isReadCommitted(action) : true;
}

async function doWhole(call: Call, fault: Fault): Promise<EngineAnswer> {
  const { action, body, limiter } = call;
  const entries = fault === "unprocessed" ? (entriesOf(action, body) ?? []) : [];
  if (entries.length > 1) {
    const half = Math.ceil(entries.length / 2);
    return doSome(call, entries.slice(0, half), entries.slice(half));
  }
  const isTorn = typeof fault === "object" && ("pieces" in fault || "mixed" in fault) && isReadCommitted(action);
  if (isTorn) return doTorn(call, fault);
  const { answer, units } = await call.ask(body);
  await limiter?.chargeRead(action, body, units);
  return answer;
}

async function doSome(call: Call, done: readonly Entry[], rest: readonly Entry[]): Promise<EngineAnswer> {
  const { action, body, limiter } = call;
  const part = { ...body, RequestItems: requestItems(body, done) };
  const { answer, units } = await call.ask(part);
  await limiter?.chargeRead(action, part, units);
  const parsed = parse(answer);
  return parsed === undefined ? answer : asAnswer(answer, withUnprocessed(action, body, parsed, rest));
}

/** A read during which others write. If the engine refuses a part, its error is the answer. */
async function doTorn(call: Call, fault: Extract<Fault, { readonly between: unknown }>): Promise<EngineAnswer> {
  const { action, body, limiter } = call;
  let last: EngineAnswer | undefined;
  const ask = async (part: Body): Promise<Body | undefined> => {
    const { answer, units } = await call.ask(part);
    await limiter?.chargeRead(action, part, units);
    last = answer;
    return parse(answer);
  };
  const merged =
    "pieces" in fault
      ? await readInPieces(action, body, fault, ask)
      : await readMixed(action, body, fault, await call.keyNames(call.table), ask);
  if (last === undefined) return (await call.ask(body)).answer;
  return merged === undefined ? last : asAnswer(last, merged);
}

const asAnswer = ({ status, type }: EngineAnswer, body: Body): EngineAnswer => ({
  status,
  type,
  bytes: Buffer.from(JSON.stringify(body)),
});

/** The body of a successful answer. */
function parse({ status, bytes }: EngineAnswer): Body | undefined {
  if (status !== 200) return undefined;
  const value: unknown = JSON.parse(bytes.toString("utf8"));
  return isRecord(value) ? value : undefined;
}
