import type { Writable } from "node:stream";

/** Where a command prints its result. */
export interface Output {
  /** A line of the result. */
  readonly print: (line: string) => void;
  /** Ends when everything printed has left this process. @throws OutputError if that is impossible */
  readonly written: () => Promise<void>;
  /** A line for people, apart from the result. */
  readonly say: (line: string) => void;
}

/** What was printed did not leave this process: its reader has ended, or there is no space. */
export class OutputError extends Error {
  override readonly name = "OutputError";
  /** Whether nobody reads any more, as after `| head`. */
  readonly isUnread: boolean;

  constructor(cause: Error) {
    super(`the events cannot be written, and stay in the feed: ${cause.message}`, { cause });
    this.isUnread = "code" in cause && cause.code === "EPIPE";
  }
}

/** Prints to a stream and remembers its first error, instead of ending the process with it. */
export function outputTo(stream: Writable, say: Output["say"]): Output {
  let failure: Error | undefined;
  const keep = (error: Error | null | undefined): void => {
    failure ??= error ?? undefined;
  };
  stream.on("error", keep);
  const write = (text: string): Promise<void> =>
    new Promise((done) => stream.write(text, (error) => done(keep(error))));
  return {
    say,
    print: (line) => void write(`${line}\n`),
    async written() {
      // The callbacks of a stream come in the order of its writes.
      if (failure === undefined) await write("");
      if (failure !== undefined) throw new OutputError(failure);
    },
  };
}
