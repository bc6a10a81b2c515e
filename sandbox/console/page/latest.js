import { get } from "./server.js";

/**
 * Reads a part of the page: `ask` reads from the server. Nothing after an `ask` runs if a later read has begun meanwhile,
 * and `signal` says so where the read waits for something else.
 * @typedef {(path: string, query?: Record<string, string | number>) => Promise<any>} Ask
 * @typedef {(ask: Ask, signal: AbortSignal) => Promise<void>} Read
 */

/**
 * Reads of one part of the page, of which the latest wins. A read aborts the one before it: its answer may be older than
 * a change that the later read sees, and must not replace what the later one shows.
 * @returns {(read: Read) => Promise<boolean>} whether no later read took the place of this one. It rejects as the read
 *   does, unless a later one took its place.
 */
export function createLatest() {
  let latest = new AbortController();
  return async (read) => {
    latest.abort();
    const own = new AbortController();
    latest = own;
    const { signal } = own;
    try {
      await read(async (path, query) => {
        const answer = await get(path, query, signal);
        signal.throwIfAborted();
        return answer;
      }, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    return !signal.aborted;
  };
}
