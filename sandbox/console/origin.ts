import type { IncomingMessage } from "node:http";

/**
 * The reason why a request is rejected; undefined if it is allowed. A host name that points at loopback (DNS rebinding)
 * shows in Host; another page shows in Origin and Sec-Fetch-Site. A request that changes something must name its own
 * origin and carry JSON: no form can send that, and a foreign page needs a preflight, which is never granted.
 * @param byProgram the request proves itself by a secret, so it needs no Origin
 */
export function refusal(request: IncomingMessage, port: number, byProgram: boolean): string | undefined {
  const { host, origin } = request.headers;
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (host === undefined || !hosts.includes(host)) return "This page answers only on its own address.";
  if (origin !== undefined && origin !== `http://${host}`)
    return "This page accepts only its own requests, not those of another origin.";
  const site = request.headers["sec-fetch-site"];
  const isForeign = site !== undefined && site !== "same-origin" && site !== "none";
  if (isForeign && request.url !== "/") return "This page accepts only its own requests, not those of another site.";
  if (request.method !== "POST") return undefined;
  if (origin === undefined && !byProgram) return "An action needs the Origin of this page.";
  const type = (request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  return type === "application/json" ? undefined : "An action must be sent as application/json.";
}
