import { writeSync } from "node:fs";

/** The file descriptor of the standard output. */
const STDOUT = 1;

/** Without it, a log whose reader has gone would end the process. */
const dropLine = (): void => undefined;

/**
 * Writes one line of the log to the standard output. Lambda's own `console` would put the line into a field of another object,
 * in which CloudWatch finds no metrics. A line that cannot be written is dropped: requests are answered without a log.
 */
export function writeLine(line: string): void {
  const text = `${line}\n`;
  try {
    // `process.stdout` loads the streams of the network: two milliseconds of each start.
    writeSync(STDOUT, text);
  } catch (error) {
    if (!isFull(error)) return;
    // The stream waits for the reader of the pipe.
    if (process.stdout.listenerCount("error") === 0) process.stdout.on("error", dropLine);
    process.stdout.write(text);
  }
}

/** Whether the output is a pipe that does not block and takes no more at the moment. */
const isFull = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "EAGAIN";
