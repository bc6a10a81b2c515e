import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import type { Socket } from "node:net";
import { ConnectionError } from "./errors.ts";

/** Milliseconds. */
const CONNECT = 1_000;
/** Milliseconds without a byte: before the head of an answer, or within its body. AWS answers in less than a hundredth. */
const SILENCE = 3_000;
/**
 * Milliseconds after which an idle connection is not used again. While Lambda freezes a process, its connections end
 * without a signal, and a new connection costs less than waiting for the answer on a dead one.
 */
const LONGEST_IDLE = 60_000;
const MOST_SOCKETS = 50;

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/** Connections to one host, kept alive. */
export interface Connection {
  /**
   * Sends one request, once. It always ends: after `milliseconds` at the latest.
   * @throws ConnectionError if there is no complete answer
   */
  readonly post: (headers: Readonly<Record<string, string>>, body: string, milliseconds: number) => Promise<Answer>;
  readonly close: () => void;
}

export function connectTo(endpoint: URL): Connection {
  const options = {
    ...{ method: "POST", path: endpoint.pathname, timeout: SILENCE },
    ...{ host: endpoint.hostname.replace(/^\[|\]$/g, ""), port: endpoint.port },
  };
  let opened: Client | undefined;
  let lastUsed = 0;

  return {
    async post(headers, body, milliseconds) {
      const { agent, request } = (opened ??= openClient(endpoint));
      if (Date.now() - lastUsed > LONGEST_IDLE) dropIdle(agent);
      try {
        return await exchange(request({ ...options, agent, headers }), body, milliseconds);
      } catch (error) {
        // If one connection is dead, the others often are too.
        dropIdle(agent);
        throw error;
      } finally {
        lastUsed = Date.now();
      }
    },
    close: () => opened?.agent.destroy(),
  };
}

interface Client {
  readonly agent: Agent;
  readonly request: (options: RequestOptions) => ClientRequest;
}

/** Loads the one module that the endpoint needs. Each takes milliseconds, so that a start without a request loads none. */
function openClient({ protocol }: URL): Client {
  const { Agent, request } =
    protocol === "http:" ? process.getBuiltinModule("node:http") : process.getBuiltinModule("node:https");
  return { agent: new Agent({ keepAlive: true, maxSockets: MOST_SOCKETS }), request };
}

function exchange(request: ClientRequest, body: string, milliseconds: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    // The promise settles once: what happens after that is of no interest.
    const giveUp = (message: string): void => {
      reject(new ConnectionError(message));
      request.destroy();
    };
    const broken = (cause: Error): void => reject(new ConnectionError("the connection broke", { cause }));
    const whole = setTimeout(giveUp, milliseconds, `no complete answer in ${milliseconds} ms`);
    request.once("close", () => clearTimeout(whole));
    request.once("timeout", () => giveUp(`nothing came for ${SILENCE} ms`));
    request.once("socket", (socket) => limitConnecting(socket, giveUp));
    request.on("error", broken);
    request.once("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", broken);
      response.once("end", () => {
        const [first = Buffer.alloc(0)] = chunks;
        const all = chunks.length > 1 ? Buffer.concat(chunks) : first;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: all });
      });
    });
    request.end(body);
  });
}

function limitConnecting(socket: Socket, giveUp: (message: string) => void): void {
  if (!socket.connecting) return;
  const timer = setTimeout(giveUp, CONNECT, `no connection in ${CONNECT} ms`);
  const stop = (): void => clearTimeout(timer);
  socket.once("connect", stop);
  socket.once("close", stop);
}

/** Closes the connections that serve no request. */
function dropIdle({ freeSockets }: Agent): void {
  for (const sockets of Object.values(freeSockets)) for (const socket of sockets ?? []) socket.destroy();
}
