import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resourceRules, stackRules } from "../../policy/rules.ts";
import { startAnalyzer, type Analyzer } from "../support/policy/analyzer.ts";
import { apiThrottled, restApiThrottled } from "../support/policy/apiPrograms.ts";
import * as aws from "../support/policy/awsPrograms.ts";
import * as iam from "../support/policy/iamPrograms.ts";
import { logRetentionSet } from "../support/policy/logPrograms.ts";
import * as messaging from "../support/policy/messagingPrograms.ts";
import type { Program, Sentence } from "../support/policy/programs.ts";
import { tablesRecoverable } from "../support/policy/tablePrograms.ts";
import { assignedOrPushed, tokenNowhere } from "../support/policy/nowherePrograms.ts";
import { token, tokenHashesOnly } from "../support/policy/secretPrograms.ts";

const table: Readonly<Record<string, readonly Sentence[]>> = {
  "token-hashes-only": tokenHashesOnly,
  "runtime-supported": aws.runtimeSupported,
  "function-url-authenticated": aws.functionUrlAuthenticated,
  "invocation-from-named-source": aws.invocationFromNamedSource,
  "no-wildcard-in-iam": iam.noWildcardInIam,
  "no-escalation-in-iam": iam.noEscalationInIam,
  "role-trusts-named-principals": iam.roleTrust,
  "no-public-resource-policy": aws.noPublicResourcePolicy,
  "log-retention-set": logRetentionSet,
  "api-throttled": apiThrottled,
  "queue-encrypted": messaging.queueEncrypted,
  "key-rotates": messaging.keyRotates,
  "pushed-over-https": messaging.pushedOverHttps,
  "token-nowhere-in-plain-text": tokenNowhere,
  "tables-recoverable-and-protected": tablesRecoverable,
  "rest-api-throttled": restApiThrottled,
  "assigned-or-pushed": assignedOrPushed,
  "queue-with-dead-letters": messaging.queueWithDeadLetters,
};

/** Violations that come with another one: two rules forbid the same thing. */
const also: Readonly<Record<string, readonly string[]>> = {
  "no-wildcard-in-iam": ["no-escalation-in-iam"],
  "token-nowhere-in-plain-text": ["token-hashes-only"],
};

let analyzer: Analyzer;
beforeAll(async () => {
  analyzer = await startAnalyzer();
});
afterAll(() => analyzer.stop());

const rules = [...resourceRules, ...stackRules];

test("the table holds every sentence of every rule", () => {
  const promised = rules.map(({ name, description }) => [name, description.split(/(?<=\.) (?=[A-Z])/)]);
  const held = Object.entries(table).map(([name, sentences]) => [name, sentences.map(({ sentence }) => sentence)]);
  expect(Object.fromEntries(held)).toEqual(Object.fromEntries(promised));
});

test("Pulumi is told of every rule and its description", async () => {
  const told = await analyzer.policies();
  expect(told).toEqual(expect.arrayContaining(rules.map(({ name, description }) => ({ name, description }))));
  expect(told.map(({ name }) => name).filter((name) => !(name in table))).toEqual(["known-at-up"]);
});

test("docs/many-tenants.md states every rule in the same words", async () => {
  const page = await readFile(new URL("../../docs/many-tenants.md", import.meta.url), "utf8");
  const rows = [...page.matchAll(/^\| `([a-z-]+)` +\| (.+?) +\|$/gm)].map(([, name, promise]) => ({ name, promise }));
  const promised = rules.map(({ name, description }) => ({ name, promise: description.replaceAll("*", "\\*") }));
  expect(rows).toEqual(expect.arrayContaining(promised));
});

const sentences = Object.entries(table).flatMap(([rule, each]) => each.map((sentence) => ({ rule, ...sentence })));

describe.each(sentences)("$rule: $sentence", ({ rule, violating, allowed }) => {
  test("has three programs that break it, and one that keeps it", () => {
    expect(Object.keys(violating).length).toBeGreaterThanOrEqual(3);
    expect(Object.keys(allowed).length).toBeGreaterThanOrEqual(1);
  });

  test.each(Object.entries(violating))("refuses: %s", async (_, program: Program) => {
    const found = await analyzer.judge(program);
    const broken = [...new Set(found.filter(({ mandatory }) => mandatory).map((finding) => finding.rule))];
    expect(broken).toContain(rule);
    expect(broken.filter((name) => name !== rule && also[rule]?.includes(name) !== true)).toEqual([]);
    expect(JSON.stringify(found)).not.toContain(token.slice(0, 12));
    expect(program.map(({ urn }) => urn)).toEqual(expect.arrayContaining(found.map(({ urn }) => urn)));
  });

  test.each(Object.entries(allowed))("allows: %s", async (_, program: Program) => {
    expect(await analyzer.judge(program)).toEqual([]);
  });
});
