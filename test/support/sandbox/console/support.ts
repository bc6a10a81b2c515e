import { request } from "node:http";

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** A test's request to a page's server. `fetch` sets Host and Origin itself; this sends the given ones. */
export function asking(pageUrl: () => string) {
  const ask = (
    path: string,
    headers: Readonly<Record<string, string>> = {},
    method = "GET",
    body = "",
  ): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const sent = request(new URL(path, pageUrl()), { method, headers }, (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }));
      });
      sent.on("error", reject);
      sent.end(body);
    });
  const own = (): string => pageUrl().slice(0, -1);
  const post = (path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
    ask(path, { origin: own(), "content-type": "application/json", ...headers }, "POST", JSON.stringify(body));
  return {
    ask,
    post,
    act: (body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
      post("/api/action", body, headers),
  };
}
