import { populate, type Progress } from "./operations/directory.ts";
import { median, percentile, type Contender, type Request } from "./measure/measure.ts";
import { row, type Row } from "./measure/rows.ts";
import { adding, find, groupMaker, nameOf, removing } from "./operations/requests.ts";
import { startOurs } from "./contenders/ours.ts";
import { startPeer } from "./contenders/peer.ts";

/** Requests in flight. */
const AT_ONCE = 50;
const USERS = 1_000;
/** Rounds that warm up the processes, and measured rounds. */
const FULL = { warmUp: 20, measured: 40 };
const QUICK: typeof FULL = { warmUp: 4, measured: 8 };

/** A round sends these requests in each of the lanes, one after the other. */
const KINDS = ["GET user", "find user by userName", "PATCH adds or removes 1 member"] as const;
type Kind = (typeof KINDS)[number];

interface Lane {
  readonly person: string;
  readonly name: string;
  /** A group of this lane alone: a group's changes come one after the other in Okta, too. */
  readonly group: string;
}

interface Side {
  readonly contender: Contender;
  readonly lanes: readonly Lane[];
  /** Milliseconds of each request, from the client's side. */
  readonly times: Readonly<Record<Kind, number[]>>;
}

interface Options {
  readonly withPeer: boolean;
  readonly isQuick: boolean;
  readonly progress: Progress;
}

/** Latencies of a mix of requests with fifty of them in flight, beside the peer in turns. */
export async function benchBurst({ withPeer, isQuick, progress }: Options): Promise<Row[]> {
  const ours = await startOurs();
  const peer = withPeer ? await startPeer() : undefined;
  try {
    const sides: Side[] = [];
    for (const contender of peer === undefined ? [ours] : [ours, peer]) sides.push(await prepare(contender, progress));
    const { warmUp, measured } = isQuick ? QUICK : FULL;
    progress(`${AT_ONCE} requests at once`);
    for (let at = 0; at < warmUp; at += 1) for (const side of sides) await sendRound(side, at);
    for (const { times } of sides) for (const kind of KINDS) times[kind].length = 0;
    const before = snapshotOf(sides);
    for (let at = 0; at < measured; at += 1) for (const side of sides) await sendRound(side, at);
    return rowsOf(sides, before, snapshotOf(sides), measured * AT_ONCE * KINDS.length);
  } finally {
    await peer?.close();
    await ours.close();
  }
}

async function prepare(contender: Contender, progress: Progress): Promise<Side> {
  const populated = await populate(contender, USERS, progress);
  const newGroup = groupMaker(populated);
  const lanes: Lane[] = [];
  for (let at = 0; at < AT_ONCE; at += 1) {
    const group = `/Groups/${await newGroup([])}`;
    lanes.push({ person: populated.people[at] ?? "", name: nameOf(at), group });
  }
  return { contender, lanes, times: { [KINDS[0]]: [], [KINDS[1]]: [], [KINDS[2]]: [] } };
}

/** Each lane sends one request of each kind. They begin with different kinds, so that all kinds are in flight together. */
async function sendRound({ contender, lanes, times }: Side, round: number): Promise<void> {
  await Promise.all(
    lanes.map(async (lane, nth) => {
      for (let at = 0; at < KINDS.length; at += 1) {
        const kind = KINDS[(at + nth) % KINDS.length] ?? KINDS[0];
        const started = performance.now();
        await contender.send(requestOf(kind, lane, round));
        times[kind].push(performance.now() - started);
      }
    }),
  );
}

function requestOf(kind: Kind, { person, name, group }: Lane, round: number): Request {
  switch (kind) {
    case "GET user":
      return { method: "GET", path: `/Users/${person}` };
    case "find user by userName":
      return find("Users", `userName eq "${name}"`);
    case "PATCH adds or removes 1 member":
      return { method: "PATCH", path: group, body: round % 2 === 0 ? adding([person]) : removing([person]) };
  }
}

interface Snapshot {
  readonly cpu: number;
  /** Requests to DynamoDB. */
  readonly requests: number;
}

const snapshotOf = (sides: readonly Side[]): Snapshot[] =>
  sides.map(({ contender }) => {
    const { readRequests, writeRequests } = contender.consumed() ?? { readRequests: 0, writeRequests: 0 };
    return { cpu: contender.cpu(), requests: readRequests + writeRequests };
  });

function rowsOf(
  [ours, peer]: readonly Side[],
  before: readonly Snapshot[],
  after: readonly Snapshot[],
  count: number,
): Row[] {
  const each = (nth: number, of: (snapshot: Snapshot) => number): number => {
    const [one, other] = [before[nth], after[nth]];
    return one && other ? (of(other) - of(one)) / count : 0;
  };
  const name = (what: string): string => `${AT_ONCE} at once: ${what}`;
  const latency = (kind: Kind, unit: string, of: (times: readonly number[]) => number): Row =>
    row({
      ...{ name: name(kind), size: USERS, unit, ours: of(ours?.times[kind] ?? []) },
      ...(peer && { peer: of(peer.times[kind]) }),
    });
  return [
    ...KINDS.flatMap((kind) => [
      latency(kind, "ms p50", median),
      latency(kind, "ms p99", (times) => percentile(times, 0.99)),
    ]),
    row({ name: name("each request"), size: USERS, unit: "requests", ours: each(0, ({ requests }) => requests) }),
    row({
      ...{ name: name("each request"), size: USERS, unit: "ms cpu", ours: each(0, ({ cpu }) => cpu) },
      ...(peer && { peer: each(1, ({ cpu }) => cpu) }),
    }),
  ];
}
