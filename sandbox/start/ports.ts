import { createServer } from "node:http";
import { listen, shut } from "../support/http.ts";

/** Something that `npm start` serves on a port. */
export interface Served {
  /** The port if none is requested. */
  readonly usual: number;
  /** As the subject of a sentence. */
  readonly name: string;
  /** The option that requests another port. */
  readonly option: string;
}

export const SCIM_SERVICE: Served = { usual: 8480, name: "the SCIM service", option: "--port" };
/** The same address after each start, so that an open page finds the tenant again. */
export const PAGE: Served = { usual: 8481, name: "the page", option: "--page-port" };

/** A port that cannot be opened. The message says which port, why, and what to do. */
export class PortError extends Error {
  override readonly name = "PortError";
}

/**
 * The requested port, else the usual one, else any free one (0).
 * @param notice receives a sentence if the usual port is not available
 * @param reserved the port of something else in the same start
 * @throws PortError if the requested port cannot be opened
 */
export async function choosePort(
  served: Served,
  asked: number | undefined,
  notice: (text: string) => void,
  reserved?: number,
): Promise<number> {
  const { usual, name } = served;
  try {
    if (asked !== undefined || usual !== reserved) {
      await tryPort(asked ?? usual);
      return asked ?? usual;
    }
  } catch (error) {
    if (asked !== undefined) throw portError(served, asked, error);
  }
  notice(`Port ${usual} is taken; ${name} uses a free one.`);
  return 0;
}

async function tryPort(port: number): Promise<void> {
  const server = createServer();
  await listen(server, port);
  await shut(server);
}

/** The system's error of a port that cannot be opened, in words. */
export function portError({ option }: Served, port: number, cause: unknown): PortError {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  const why =
    code === "EADDRINUSE"
      ? "is taken by another process"
      : code === "EACCES"
        ? "needs rights that this user does not have"
        : `cannot be opened (${String(code)})`;
  const remedy = `Choose another port with ${option} N, or any free one with ${option} 0.`;
  return new PortError(`Port ${port} ${why}. ${remedy}`, { cause });
}
