import { z } from "zod";
import type { ProvisioningActions } from "../org/model.ts";
import { ScimFailure } from "./failure.ts";
import type { Connection, Send } from "./transport.ts";

export interface ConnectorTestResult {
  readonly ok: boolean;
  /** The result that the Admin Console shows. */
  readonly message: string;
}

const listResponse = z.object({ totalResults: z.int(), itemsPerPage: z.int(), startIndex: z.int() });
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** The rules of Okta's preparation guide for a base URL. Plain http is allowed only on this machine. */
function baseUrlProblem(baseUrl: string): string | undefined {
  if (!URL.canParse(baseUrl)) return "The base URL is not a URL";
  const { protocol, hostname } = new URL(baseUrl);
  if (protocol !== "https:" && !(protocol === "http:" && LOOPBACK.has(hostname)))
    return "The base URL must start with https://";
  return baseUrl.includes("_") ? "The base URL must not contain an underscore" : undefined;
}

/** "Test Connector Configuration": one constant read, `GET /Users?startIndex=1&count=2`. Nothing is written. */
export async function testConnector(
  send: Send,
  connection: Connection,
  actions: ProvisioningActions,
): Promise<ConnectorTestResult> {
  const problem = baseUrlProblem(connection.baseUrl);
  if (problem !== undefined) return { ok: false, message: problem };
  const paths = [
    "/Users?startIndex=1&count=2",
    ...(actions.importGroups === true ? ["/Groups?startIndex=1&count=100"] : []),
  ];
  try {
    for (const path of paths) {
      const { status, body } = await send(connection, "GET", path);
      if (status !== 200) return { ok: false, message: `Error authenticating: ${status} for ${path}` };
      if (!listResponse.safeParse(body).success) {
        return { ok: false, message: "The answer has no whole numbers totalResults, itemsPerPage and startIndex" };
      }
    }
  } catch (error) {
    if (!(error instanceof ScimFailure)) throw error;
    const message =
      error.status === 401 || error.status === 403 ? `Authorization failure: ${error.message}` : error.message;
    return { ok: false, message };
  }
  return { ok: true, message: "Connector configured successfully" };
}
