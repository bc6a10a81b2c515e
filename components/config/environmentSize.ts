import type { Problem } from "./errors.ts";
import { removeCommand, type StackName } from "./commands.ts";
import type { TenantConfig } from "./keys.ts";

/** Bytes of the names and values of all of a function's environment variables together (AWS Lambda quotas). */
const LIMIT = 4096;
/** Bytes kept for the names of the variables, the table's name and the base URL, whose host has at most 253. */
const REST = 400;
const SHA256 = "0".repeat(64);

type Read = Partial<Pick<TenantConfig, "attributes" | "readers" | "tokenGeneration" | "acceptPreviousToken">>;

/** Readers whose token hashes do not fit into the function's environment beside the list of attributes. */
export function environmentProblems(parsed: Read, stack: StackName): Problem[] {
  const { attributes, readers, tokenGeneration, acceptPreviousToken } = parsed;
  if (attributes === undefined || readers === undefined || readers.length === 0) return [];
  if (tokenGeneration === undefined || acceptPreviousToken === undefined) return [];
  const generations = acceptPreviousToken && tokenGeneration > 1 ? 2 : 1;
  const hashes = [undefined, ...readers].flatMap((reader) =>
    Array.from({ length: generations }, () => ({ generation: tokenGeneration, sha256: SHA256, reader })),
  );
  const size = JSON.stringify(hashes).length + JSON.stringify(attributes).length;
  if (size <= LIMIT - REST) return [];
  return [
    {
      path: "readers",
      wrong: `has ${readers.length} names, and the hashes of their tokens do not fit into the function's environment beside the list of attributes (${size} bytes)`,
      allowed: `at most ${LIMIT - REST} bytes: fewer or shorter names, or fewer attributes`,
      fix: removeCommand(["readers", readers.length - 1], stack),
    },
  ];
}
