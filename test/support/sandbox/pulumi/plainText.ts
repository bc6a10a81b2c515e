import { expect } from "vitest";
import type { Traces } from "./cli.ts";

/** Asked for by name, `stack output --json --show-secrets` is the one place that may print a token. */
const askedFor = /^ {2}"scim(Token|Authorization)": /;

/** Fails where a token stands in plain text in what commands left behind. Names places alone: a failure must not tell it. */
export async function expectNoneInPlainText(
  tokens: ReadonlySet<string>,
  traces: Traces,
  serviceLog: readonly string[],
): Promise<void> {
  const places = {
    "what was printed": traces
      .printed()
      .split("\n")
      .filter((line) => !askedFor.test(line))
      .join("\n"),
    "the state": traces.checkpoints(),
    "a file": await traces.files(),
    "a process": traces.processes(),
    "the service's log": serviceLog.join("\n"),
  };
  // Each place was really looked at, the command lines, environments and logs of the CLI among them.
  expect(tokens.size).toBeGreaterThan(0);
  expect(serviceLog.length).toBeGreaterThan(0);
  expect(places["the state"].includes('"okta:app/saml:Saml"')).toBe(true);
  expect(places["a file"].includes('"msg":"CLI Metadata"')).toBe(true);
  expect(places["a process"].includes("--show-secrets")).toBe(true);
  expect(places["a process"].includes("PULUMI_CONFIG=")).toBe(true);
  const found = [...tokens].flatMap((token) =>
    Object.entries(places).flatMap(([place, text]) => (text.includes(token) ? [place] : [])),
  );
  expect(found).toEqual([]);
}
