import { expect } from "vitest";
import type { Traces } from "./cli.ts";

/** `stack output --json --show-secrets`, if it is named explicitly, is the only place that may print a token. */
const askedFor = /^ {2}"scim(Token|Authorization)": /;

/**
 * Fails if a token appears in plain text in the leftovers of commands. It names only places, because a failure must not
 * reveal the token.
 */
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
  // Each place was really read, including the command lines, environments and logs of the CLI.
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
