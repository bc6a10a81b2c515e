import { z } from "zod";
import type { ServedRequest } from "../../aws/index.ts";
import { literal } from "./search.ts";
import type { ScimReader } from "./scimReader.ts";

/**
 * The names of all users, for a search in a directory that the service cannot search at once. It holds nothing that
 * the page shows: it only finds the ids of the users that the page then reads.
 */
export interface NameIndex {
  /** Reads all names in the background, unless that has begun. */
  prepare(): void;
  /**
   * Ids of the users that have the text in a name, or whose external id it is, in order of `userName`; undefined as
   * long as not all names have been read.
   */
  find(search: string, signal?: AbortSignal): Promise<readonly string[] | undefined>;
  /** Takes note of a request that the service has ended. The next search reads again the users that it may have changed. */
  readonly heard: (request: ServedRequest) => void;
  /** Forgets everything, such as after a deployment. */
  forget(): void;
}

const named = z.object({
  id: z.string(),
  userName: z.string(),
  displayName: z.string().default(""),
  title: z.string().default(""),
  externalId: z.string().optional(),
});
const ATTRIBUTES = "userName,displayName,title,externalId";
/** Users in one answer: the most that the service allows. */
const AT_ONCE = 200;
/** Ids in one filter: a filter has at most 4,096 characters. */
const MOST_IDS = 50;
/** Changed users that a search waits for. More of them are read in the background. */
const MOST_CHANGED = 500;

interface Entry {
  readonly id: string;
  readonly userName: string;
  /** All names, in lower case. */
  readonly text: string;
  readonly externalId: string | undefined;
}

interface State {
  readonly reader: ScimReader;
  readonly entries: Map<string, Entry>;
  /** Ids of the users that have to be read again. */
  readonly changed: Set<string>;
  stage: "empty" | "filling" | "full";
}

const add = ({ entries }: State, resource: unknown): void => {
  const { id, userName, displayName, title, externalId } = named.parse(resource);
  const text = `${userName}\n${displayName}\n${title}`.toLowerCase();
  entries.set(id, { id, userName: userName.toLowerCase(), text, externalId });
};

export function createNameIndex(reader: ScimReader): NameIndex {
  const fresh = (): State => ({ reader, entries: new Map(), changed: new Set(), stage: "empty" });
  let state = fresh();
  /** Searches update one after the other. */
  let updating: Promise<unknown> = Promise.resolve();
  const forget = (): void => {
    state = fresh();
  };
  const prepare = (): void => {
    if (state.stage !== "empty") return;
    const own = state;
    // A failure is shown by the list that asks for the same service. The next search tries again.
    fill(own).catch(() => (own.stage = "empty"));
  };
  return {
    prepare,
    forget,
    heard: (request) => {
      if (state.stage === "empty") return;
      const ids = changedBy(request);
      if (ids === undefined) return forget();
      for (const id of ids) state.changed.add(id);
    },
    find: async (search, signal) => {
      prepare();
      const own = state;
      if (own.stage !== "full") return undefined;
      const isMuch = own.changed.size > MOST_CHANGED;
      const turn = updating.then(() => update(own, isMuch ? undefined : signal));
      updating = turn.catch(() => undefined);
      if (isMuch) return undefined;
      await turn;
      return own === state ? matches(own, search) : undefined;
    },
  };
}

/** Reads all names, then those that changed meanwhile. */
async function fill(state: State): Promise<void> {
  state.stage = "filling";
  let cursor: string | undefined = "";
  while (cursor !== undefined) {
    const wanted = { cursor, count: String(AT_ONCE), attributes: ATTRIBUTES };
    const part = await state.reader.list("Users", wanted);
    for (const resource of part.Resources) add(state, resource);
    cursor = part.nextCursor;
  }
  state.stage = "full";
}

async function update(state: State, signal?: AbortSignal): Promise<void> {
  while (state.changed.size > 0) {
    const ids = [...state.changed].slice(0, MOST_IDS);
    const filter = ids.map((id) => `id eq ${literal(id)}`).join(" or ");
    for (const id of ids) state.changed.delete(id);
    try {
      const wanted = { filter, attributes: ATTRIBUTES, count: String(MOST_IDS) };
      const { Resources } = await state.reader.list("Users", wanted, signal);
      for (const id of ids) state.entries.delete(id);
      for (const resource of Resources) add(state, resource);
    } catch (error) {
      for (const id of ids) state.changed.add(id);
      throw error;
    }
  }
}

function matches({ entries }: State, search: string): readonly string[] {
  const wanted = search.trim().toLowerCase();
  return [...entries.values()]
    .filter(({ text, externalId }) => text.includes(wanted) || externalId === search.trim())
    .toSorted((one, other) => (one.userName < other.userName ? -1 : 1))
    .map(({ id }) => id);
}

const created = z.object({ id: z.string() });
const bulk = z.object({ Operations: z.array(z.object({ location: z.string().optional() })) });
const USERS = /\/Users(?:\/([^/]+))?$/;
/** An id of the service as it is written in a path. */
const ID = /^[\w-]{1,64}$/;

/** Ids of the users that a request may have changed; undefined if that cannot be known. */
export function changedBy({ method, path, answer }: ServedRequest): readonly string[] | undefined {
  const isBulk = path.endsWith("/Bulk");
  const place = USERS.exec(path);
  if (method === "GET" || (!isBulk && place === null) || place?.[1] === ".search") return [];
  if (place?.[1] !== undefined) return ID.test(place[1]) ? [place[1]] : undefined;
  // The service rejects these as a whole.
  if (answer !== undefined && answer.status >= 400 && answer.status < 500) return [];
  const body = answer === undefined ? undefined : json(answer.body);
  if (!isBulk) {
    const { data } = created.safeParse(body);
    return data === undefined ? undefined : [data.id];
  }
  const { data } = bulk.safeParse(body);
  return data?.Operations.flatMap(({ location }) => USERS.exec(location ?? "")?.[1] ?? []);
}

function json(body: Buffer): unknown {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return value;
  } catch {
    return undefined;
  }
}
