import { createServer } from "node:http";
import { listen, shut } from "../support/http.ts";

/** Port of the SCIM service if no port is requested. */
export const DEFAULT_PORT = 8480;

/** A port that cannot be opened. The message says which port, why, and what to do. */
export class PortError extends Error {
  override readonly name = "PortError";
}

/**
 * The port for the SCIM service: the requested one, else the default one, else any free one (0).
 * @param notice receives a sentence if the default port is not available
 * @throws PortError if the requested port cannot be opened
 */
export async function choosePort(asked: number | undefined, notice: (text: string) => void): Promise<number> {
  try {
    await tryPort(asked ?? DEFAULT_PORT);
    return asked ?? DEFAULT_PORT;
  } catch (error) {
    if (asked !== undefined) throw portError(asked, error);
    notice(`Port ${DEFAULT_PORT} is taken; the SCIM service uses a free one.`);
    return 0;
  }
}

async function tryPort(port: number): Promise<void> {
  const server = createServer();
  await listen(server, port);
  await shut(server);
}

function portError(port: number, cause: unknown): PortError {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  const why =
    code === "EADDRINUSE"
      ? "is taken by another process"
      : code === "EACCES"
        ? "needs rights that this user does not have"
        : `cannot be opened (${String(code)})`;
  const remedy = "Choose another port with --port N, or any free one with --port 0.";
  return new PortError(`Port ${port} ${why}. ${remedy}`, { cause });
}
