import { configPath, removeCommand, type StackName } from "./commands.ts";
import type { Problem } from "./errors.ts";
import { anyId } from "./events.ts";
import type { TenantConfig } from "./keys.ts";

/** Bytes of the names and values of all of a function's environment variables together (AWS Lambda quotas). */
const LIMIT = 4096;
/** Bytes kept for the names of the variables, the names of the tables and the base URL, whose host has at most 253. */
const REST = 420;
/** Bytes of one published key with its names. */
const KEY = 230;
const SHA256 = "0".repeat(64);

type Key = "attributes" | "readers" | "events" | "tokenGeneration" | "acceptPreviousToken";
type Read = Pick<TenantConfig, Key>;

/** Readers and receivers whose token hashes do not fit into the environments of the functions that check them. */
export function environmentProblems(parsed: Partial<TenantConfig>, stack: StackName): Problem[] {
  if (!isRead(parsed)) return [];
  const { readers, events } = parsed;
  const size = Math.max(ofService(parsed), ofFeed(parsed));
  if (size <= LIMIT - REST) return [];
  const receivers = events?.receivers ?? [];
  const last = readers.length > 0 ? ["readers", readers.length - 1] : ["events", "receivers", receivers.length - 1];
  return [
    {
      path: configPath(last.slice(0, -1)),
      wrong: `the hashes of the tokens of ${readers.length} readers and ${receivers.length} receivers do not fit into the environment of a function (${size} bytes)`,
      allowed: `at most ${LIMIT - REST} bytes: fewer or shorter names, or fewer attributes`,
      fix: removeCommand(last, stack),
    },
  ];
}

function isRead(parsed: Partial<TenantConfig>): parsed is Partial<TenantConfig> & Read {
  const keys = ["attributes", "readers", "tokenGeneration", "acceptPreviousToken"] as const;
  const hasOwners = (parsed.readers?.length ?? 0) + (parsed.events?.receivers.length ?? 0) > 0;
  return hasOwners && "events" in parsed && keys.every((key) => parsed[key] !== undefined);
}

const bytesOf = (value: unknown): number => JSON.stringify(value).length;

function hashes({ tokenGeneration, acceptPreviousToken }: Read, owners: readonly object[]): number {
  const generations = acceptPreviousToken && tokenGeneration > 1 ? 2 : 1;
  const one = { generation: tokenGeneration, sha256: SHA256 };
  return bytesOf(owners.flatMap((owner) => Array.from({ length: generations }, () => ({ ...one, ...owner }))));
}

const polling = ({ events }: Read) => (events?.receivers ?? []).filter(({ delivery }) => delivery.kind === "poll");

/** The main token, each reader, and each receiver that is a reader too. */
function tokenHashes(read: Read): number {
  const both = polling(read).filter(({ name }) => read.readers.includes(name));
  return hashes(read, [{}, ...[...read.readers, ...both.map(({ name }) => name)].map((reader) => ({ reader }))]);
}

const ofService = (read: Read): number => tokenHashes(read) + bytesOf(read.attributes);

function ofFeed(read: Read): number {
  if (read.events === undefined) return 0;
  const receivers = read.events.receivers.map(({ name, delivery: { kind: delivery }, mode }) => ({
    ...{ name, delivery, mode },
    id: anyId,
  }));
  const ofReceivers = hashes(
    read,
    polling(read).map(({ name }) => ({ name })),
  );
  return tokenHashes(read) + ofReceivers + bytesOf(receivers) + 3 * KEY;
}
