import { createServer, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { listenForTest } from "./listen.ts";

export interface Recorded {
  readonly method: string;
  /** Path and query as received, without the base path. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** Header names as received. */
  readonly headerNames: readonly string[];
  readonly body: unknown;
}

export interface Scripted {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Milliseconds before the answer. */
  readonly delay?: number;
}

type Resource = Record<string, unknown> & { readonly id: string };

export interface ScimServer {
  readonly baseUrl: string;
  readonly requests: Recorded[];
  readonly users: Map<string, Resource>;
  readonly groups: Map<string, Resource>;
  /** Answers instead of the server as long as it returns a value; "cut" ends the connection. */
  script: ((request: Recorded) => Scripted | "cut" | undefined) | undefined;
  /** `METHOD target` of each request since the last call. */
  lines(): string[];
  /**
   * From now on, ends each connection as soon as a further request begins on it. That request is neither executed nor
   * remembered.
   * @returns the connections that ended in this way
   */
  closeOnReuse(): ReadonlySet<Socket>;
  /** The largest number of concurrently open requests. */
  mostAtOnce: number;
}

const BASE = "/scim/v2";

/** A small SCIM server that keeps users and groups in memory and remembers every request, for one test. */
export async function startScimServer(): Promise<ScimServer> {
  const users = new Map<string, Resource>();
  const groups = new Map<string, Resource>();
  const requests: Recorded[] = [];
  let read = 0;
  let open = 0;
  const used = new WeakSet<Socket>();
  let closed: Set<Socket> | undefined;
  const server = createServer((request, response) => {
    if (closed !== undefined && used.has(request.socket)) {
      closed.add(request.socket);
      request.socket.destroy();
      return;
    }
    used.add(request.socket);
    open += 1;
    scim.mostAtOnce = Math.max(scim.mostAtOnce, open);
    response.on("close", () => (open -= 1));
    void record(request).then(async (recorded) => {
      requests.push(recorded);
      const scripted = scim.script?.(recorded);
      if (scripted === "cut") {
        request.socket.destroy();
        return;
      }
      const { status, headers = {}, body, delay = 0 } = scripted ?? answer(recorded, { users, groups });
      if (delay > 0) await sleep(delay);
      response.writeHead(status, { "content-type": "application/scim+json", ...headers });
      response.end(body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body));
    });
  });
  const port = await listenForTest(server);
  const scim: ScimServer = {
    baseUrl: `http://127.0.0.1:${port}${BASE}`,
    requests,
    users,
    groups,
    script: undefined,
    mostAtOnce: 0,
    lines: () => {
      const fresh = requests.slice(read);
      read = requests.length;
      return fresh.map(({ method, target }) => `${method} ${target}`);
    },
    closeOnReuse: () => (closed = new Set()),
  };
  return scim;
}

async function record(request: IncomingMessage): Promise<Recorded> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString("utf8");
  const body: unknown = text === "" ? undefined : JSON.parse(text);
  return {
    method: request.method ?? "",
    target: (request.url ?? "").slice(BASE.length),
    headers: request.headers,
    headerNames: request.rawHeaders.filter((_value, index) => index % 2 === 0),
    body,
  };
}

interface State {
  readonly users: Map<string, Resource>;
  readonly groups: Map<string, Resource>;
}

const list = (found: readonly Resource[], from: number, count: number): Scripted => ({
  status: 200,
  body: {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
    totalResults: found.length,
    startIndex: from,
    itemsPerPage: Math.min(count, Math.max(0, found.length - from + 1)),
    Resources: found.slice(from - 1, from - 1 + count),
  },
});

export const scimError = (status: number, detail: string): Scripted => ({
  status,
  body: { schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"], status: String(status), detail },
});

function answer({ method, target, body }: Recorded, state: State): Scripted {
  const url = new URL(target, "http://scim");
  const [, collection = "", id] = url.pathname.split("/");
  const map = collection === "Users" ? state.users : state.groups;
  const given = typeof body === "object" && body !== null ? { ...body } : {};
  if (id === undefined && method === "GET") {
    const filter = /^(\w+) eq "(.*)"$/.exec(url.searchParams.get("filter") ?? "");
    const found = [...map.values()].filter(
      (one) => filter === null || String(one[filter[1] ?? ""]).toLowerCase() === filter[2]?.toLowerCase(),
    );
    return list(found, Number(url.searchParams.get("startIndex")), Number(url.searchParams.get("count")));
  }
  if (id === undefined) {
    const made: Resource = { ...withoutPassword(given), id: `${collection === "Users" ? "u" : "g"}${map.size + 1}` };
    map.set(made.id, made);
    return { status: 201, body: made };
  }
  const known = map.get(id);
  if (known === undefined) return scimError(404, `No resource with the id ${id} exists.`);
  if (method === "DELETE") {
    map.delete(id);
    return { status: 204 };
  }
  if (method === "PUT") map.set(id, { ...withoutPassword(given), id });
  if (method === "PATCH") map.set(id, patched(known, given));
  return { status: 200, body: map.get(id) };
}

function withoutPassword(body: Record<string, unknown>): Record<string, unknown> {
  const { password: _password, ...rest } = body;
  return rest;
}

interface Operation {
  readonly op: string;
  readonly path?: string;
  readonly value?: unknown;
}

/** Only the operations that Okta's catalogue apps send. */
function patched(resource: Resource, body: Record<string, unknown>): Resource {
  let next: Resource = resource;
  for (const { op, path, value } of body["Operations"] as Operation[]) {
    const members = (next["members"] ?? []) as { value: string }[];
    const removed = /^members\[value eq "(.*)"\]$/.exec(path ?? "")?.[1];
    if (path === undefined && op === "replace") next = { ...next, ...(value as object) };
    else if (path === "members" && op === "replace") next = { ...next, members: value };
    else if (path === "members" && op === "add") next = { ...next, members: [...members, ...(value as object[])] };
    else if (removed !== undefined) next = { ...next, members: members.filter((one) => one.value !== removed) };
    else throw new Error(`unexpected operation ${op} ${path ?? ""}`);
  }
  return next;
}
