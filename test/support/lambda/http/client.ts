import { createHash } from "node:crypto";
import type { Deadline, Directory } from "../../../../lambda/model.ts";
import { handle, type LogLine } from "../../../../lambda/http/handle.ts";
import { createService } from "../../../../lambda/service/context.ts";
import type { JsonObject, JsonValue } from "../../../../lambda/model.ts";
import type { AttributesSetting } from "../../../../lambda/scim/schema/index.ts";
import { createMemoryDirectory } from "./memoryDirectory.ts";

export const BASE_URL = "https://scim.example.com/api/v1/scim";
export const TOKEN = "a-secret-token";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty if the answer has no body. */
  readonly body: JsonObject;
  /** The `id` of the body; empty if it has none. */
  readonly id: string;
}

export interface Sent {
  readonly body?: JsonValue;
  /** A body as it is, instead of JSON. */
  readonly raw?: string;
  readonly headers?: Record<string, string>;
}

/** A client of a fresh service, without a gateway. */
export function createClient(
  options: {
    attributes?: AttributesSetting;
    directory?: Directory;
    deadline?: Deadline;
    /** Tokens that are accepted beside the main one, in clear. */
    tokens?: readonly { generation: number; text: string; reader?: string }[];
  } = {},
) {
  const memory = createMemoryDirectory();
  const directory = options.directory ?? memory.directory;
  const deadline = options.deadline ?? { remaining: () => 26_000 };
  const tokens = [{ generation: 7, text: TOKEN }, ...(options.tokens ?? [])].map(({ text, ...token }) => ({
    ...token,
    sha256: createHash("sha256").update(text).digest("hex"),
  }));
  const service = createService({ attributes: options.attributes ?? "standard", baseUrl: BASE_URL, tokens });
  const lines: LogLine[] = [];
  const send = async (method: string, target: string, { body, raw, headers = {} }: Sent = {}): Promise<Answer> => {
    const url = new URL(`https://scim.example.com/api/v1/scim${target}`);
    const text = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const request = {
      method,
      path: url.pathname,
      query: url.searchParams,
      headers: { authorization: `Bearer ${TOKEN}`, ...headers },
      body: text === undefined ? undefined : new TextEncoder().encode(text),
      requestId: "request-1",
    };
    const response = await handle({ service, directory, deadline }, request, (line) => lines.push(line));
    const answer = response.body === undefined ? {} : (JSON.parse(response.body) as JsonObject);
    return { ...response, body: answer, id: typeof answer["id"] === "string" ? answer["id"] : "" };
  };
  return { send, lines, memory };
}
