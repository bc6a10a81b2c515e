import { writeSync } from "node:fs";

/** The file descriptor of the standard output. */
const STDOUT = 1;

/**
 * Writes one line of the log to the standard output. Lambda's own `console` would put the line into a field of another object,
 * in which CloudWatch finds no metrics.
 */
export function writeLine(line: string): void {
  const text = `${line}\n`;
  try {
    // `process.stdout` loads the streams of the network: two milliseconds of each start.
    writeSync(STDOUT, text);
  } catch {
    // A pipe that does not block and is full: the stream waits for its reader.
    process.stdout.write(text);
  }
}
