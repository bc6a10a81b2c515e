import type { IncomingMessage } from "node:http";

/**
 * Why a request is not answered; undefined where it may be. A name that somebody points at loopback (DNS rebinding)
 * shows in Host; another page shows in Origin and Sec-Fetch-Site. What changes something must name its own origin and
 * come as JSON, which no form can send and no foreign page without a preflight, which is never granted.
 */
export function refusal(request: IncomingMessage, port: number): string | undefined {
  const { host, origin } = request.headers;
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (host === undefined || !hosts.includes(host)) return "This page answers on its own address only.";
  if (origin !== undefined && origin !== `http://${host}`)
    return "This page answers to itself only, not to another origin.";
  const site = request.headers["sec-fetch-site"];
  const isPage = request.url === "/";
  if (site !== undefined && site !== "same-origin" && site !== "none" && !isPage) {
    return "This page answers to itself only, not to another site.";
  }
  if (request.method !== "POST") return undefined;
  if (origin === undefined) return "An action needs the Origin of this page.";
  const type = (request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  return type === "application/json" ? undefined : "An action is sent as application/json.";
}
