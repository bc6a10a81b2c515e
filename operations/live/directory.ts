import { z } from "zod";
import type { EndpointProber, ProbeAnswer } from "./endpoint.ts";

export interface Person {
  readonly id: string;
  readonly userName: string;
  readonly active: boolean;
}

/** A person with every attribute that the service returns. */
export interface PersonRecord extends Person {
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface DirectoryGroup {
  readonly id: string;
  readonly name: string;
  /** Ids of the members; undefined where the group has more than one answer of the service holds. */
  readonly members: ReadonlySet<string> | undefined;
}

/** The SCIM service gave an answer other than the requested one. */
export class EndpointError extends Error {
  override readonly name = "EndpointError";
  readonly answer: ProbeAnswer;

  constructor(what: string, answer: ProbeAnswer, options?: ErrorOptions) {
    super(`${what}: ${describeAnswer(answer)}`, options);
    this.answer = answer;
  }
}

const scimError = z.object({ detail: z.string() });
const tooMany = z.object({ scimType: z.literal("tooMany") });

/** The answer of a service in a few words, without anything from the request. */
export function describeAnswer({ status, body }: ProbeAnswer): string {
  if (status === undefined) return `no answer: ${String(body)}`;
  const error = scimError.safeParse(body);
  return error.success ? `${status}: ${error.data.detail}` : `${status}`;
}

/** Okta sends some booleans as text, and services return them as text. */
const flag = z.union([z.boolean(), z.enum(["true", "false", "True", "False"])]).transform((value) => {
  return typeof value === "boolean" ? value : value.toLowerCase() === "true";
});
const people = z.object({
  totalResults: z.number().optional(),
  nextCursor: z.string().optional(),
  Resources: z
    .array(z.object({ id: z.string(), userName: z.string().default(""), active: flag.default(true) }))
    .default([]),
});
const groups = z.object({
  Resources: z
    .array(
      z.object({
        id: z.string(),
        displayName: z.string(),
        members: z.array(z.object({ value: z.string() })).default([]),
      }),
    )
    .default([]),
});
const group = groups.shape.Resources.unwrap().element;

const record = people.shape.Resources.unwrap().element.loose();
const records = people.extend({ Resources: z.array(record).default([]) });
const total = z.object({ totalResults: z.int() });

/** A directory as a SCIM client reads it. */
export interface DirectoryReader {
  /**
   * Everyone, page by page: by cursor if the service is ours, else everyone who is active, by index. @throws
   * EndpointError
   */
  people(): AsyncIterable<Person>;
  /** The name of one person; undefined when there is none. @throws EndpointError */
  person(id: string): Promise<Person | undefined>;
  /**
   * Everyone, active or not, page by page by index, of a service that pages badly at most `MOST_PAGES`. @throws
   * EndpointError
   */
  records(): AsyncIterable<PersonRecord>;
  /** The number of groups. @throws EndpointError */
  groupCount(): Promise<number>;
  /** The group of this name with its members; undefined when there is none. @throws EndpointError */
  group(name: string): Promise<DirectoryGroup | undefined>;
}

const PAGE = 200;
/** Pages of a list: a service may ignore the index and never end. */
const MOST_PAGES = 1_000;

/**
 * @param authorization the whole header value
 * @param managed the service is the one of this project, which pages by cursor (RFC 9865)
 */
export function directoryReader(endpoint: EndpointProber, authorization: string, managed: boolean): DirectoryReader {
  const get = (path: string, query: Record<string, string>): Promise<ProbeAnswer> =>
    endpoint.get(`${path}?${new URLSearchParams(query).toString()}`, authorization);
  return {
    people: () => (managed ? byCursor(get) : byIndex(get)),
    async person(id) {
      const answer = await get(`/Users/${encodeURIComponent(id)}`, { attributes: "userName,active" });
      if (answer.status === 404) return undefined;
      const read = people.shape.Resources.unwrap().element.safeParse(answer.body);
      if (answer.status !== 200 || !read.success) throw new EndpointError("a person cannot be read", answer);
      return read.data;
    },
    records: () => allRecords(get),
    async groupCount() {
      const answer = await get("/Groups", { attributes: "displayName", startIndex: "1", count: "1" });
      const read = total.safeParse(answer.body);
      if (answer.status !== 200 || !read.success) throw new EndpointError("the groups cannot be listed", answer);
      return read.data.totalResults;
    },
    async group(name) {
      const filter = `displayName eq ${JSON.stringify(name)}`;
      // Without the members: a page that has a large group on it would hold no group.
      const answer = await get("/Groups", { filter, attributes: "displayName", startIndex: "1", count: "100" });
      const read = groups.safeParse(answer.body);
      if (answer.status !== 200 || !read.success) throw new EndpointError("the groups cannot be read", answer);
      const found = read.data.Resources.find(({ displayName }) => displayName.toLowerCase() === name.toLowerCase());
      if (found === undefined) return undefined;
      const whole = await get(`/Groups/${encodeURIComponent(found.id)}`, { attributes: "displayName,members.value" });
      if (whole.status === 413 || tooMany.safeParse(whole.body).success)
        return { id: found.id, name: found.displayName, members: undefined };
      const resource = group.safeParse(whole.body);
      if (whole.status !== 200 || !resource.success) throw new EndpointError("the group cannot be read", whole);
      return {
        id: found.id,
        name: resource.data.displayName,
        members: new Set(resource.data.members.map(({ value }) => value)),
      };
    },
  };
}

type Get = (path: string, query: Record<string, string>) => Promise<ProbeAnswer>;

async function readPage(get: Get, query: Record<string, string>): Promise<z.output<typeof people>> {
  const answer = await get("/Users", { ...query, count: `${PAGE}` });
  const read = people.safeParse(answer.body);
  if (answer.status !== 200 || !read.success) throw new EndpointError("the people cannot be listed", answer);
  return read.data;
}

async function* byCursor(get: Get): AsyncGenerator<Person, void, undefined> {
  for (let cursor: string | undefined = ""; cursor !== undefined;) {
    const page: z.output<typeof people> = await readPage(get, { attributes: "userName,active", cursor });
    yield* page.Resources;
    cursor = page.nextCursor;
  }
}

async function* byIndex(get: Get): AsyncGenerator<Person, void, undefined> {
  for (let startIndex = 1; ;) {
    const page = await readPage(get, { filter: "active eq true", startIndex: `${startIndex}` });
    yield* page.Resources.filter(({ active }) => active);
    startIndex += page.Resources.length;
    if (page.Resources.length === 0 || startIndex > (page.totalResults ?? 0)) return;
  }
}

async function* allRecords(get: Get): AsyncGenerator<PersonRecord, void, undefined> {
  let startIndex = 1;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await get("/Users", { startIndex: `${startIndex}`, count: `${PAGE}` });
    const read = records.safeParse(answer.body);
    if (answer.status !== 200 || !read.success) throw new EndpointError("the people cannot be listed", answer);
    const { Resources, totalResults = 0 } = read.data;
    for (const { id, userName, active, ...attributes } of Resources) yield { id, userName, active, attributes };
    startIndex += Resources.length;
    if (Resources.length === 0 || startIndex > totalResults) return;
  }
}
