import { describe, expect, it } from "vitest";
import { requiredActions } from "../../lambda/directory/accessPatterns.ts";
import { runProgram, type Registration } from "./registrations.ts";

/** Every AWS resource and token: `type name` → its inputs, with JSON text read. */
type Declared = Record<string, Record<string, unknown>>;

const isOurs = ({ type }: Registration): boolean => /^(aws|random):/.test(type);
const read = (value: unknown): unknown => {
  if (typeof value === "string" && /^[[{]/.test(value)) return JSON.parse(value) as unknown;
  if (Array.isArray(value)) return value.map(read);
  if (value === null || typeof value !== "object") return value;
  // An archive: its bytes are the function's tests' business.
  if ("assets" in value || "__pulumiArchive" in value) return "archive";
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, read(one)]));
};
async function declare(config: Record<string, unknown>): Promise<{ declared: Declared; all: Registration[] }> {
  const all = (await runProgram(config)).registrations.filter(isOurs);
  const entries = all.map(({ type, name, inputs }) => [`${type.split(":").at(-1) ?? ""} ${name}`, inputs] as const);
  const declared = Object.fromEntries(
    entries.map(([name, inputs]) => {
      const code = "code" in inputs ? { code: "archive" } : {};
      return [name, read({ ...inputs, ...code }) as Record<string, unknown>];
    }),
  );
  expect(Object.keys(declared)).toHaveLength(all.length);
  return { declared, all };
}
/** What a variant changes in the declaration that it starts from. */
const difference = (from: Declared, to: Declared): Declared =>
  Object.fromEntries(
    Object.entries(to).filter(([name, inputs]) => JSON.stringify(from[name]) !== JSON.stringify(inputs)),
  );

describe("the AWS half", () => {
  it("is in production without domain and alarms exactly this", async () => {
    const { declared, all } = await declare({});
    expect(declared).toMatchInlineSnapshot();
    const policy = declared["RolePolicy acme-function"]?.["policy"] as { Statement: { Action: string[] }[] };
    expect(policy.Statement[0]?.Action).toEqual(requiredActions);
    const kept = all.filter(({ protect, retainOnDelete }) => protect || retainOnDelete);
    expect(kept.map(({ name, protect, retainOnDelete }) => [name, protect, retainOnDelete])).toEqual([
      ["acme-directory", true, true],
    ]);
  });

  it("protects nothing and keeps logs for a week in development", async () => {
    const production = await declare({});
    const { declared, all } = await declare({ stage: "development" });
    expect(difference(production.declared, declared)).toMatchInlineSnapshot();
    expect(all.filter(({ protect, retainOnDelete }) => protect || retainOnDelete)).toEqual([]);
  });

  it("gets with a domain its certificate, proof, mapping and record, and loses its default address", async () => {
    const plain = await declare({});
    const { declared } = await declare({
      endpoint: { kind: "managed", domain: { name: "scim.example.com", hostedZoneId: "Z0123456789" } },
    });
    expect(difference(plain.declared, declared)).toMatchInlineSnapshot();
  });

  it("accepts the old token's hash beside the new one's, and without acceptPreviousToken the new one's alone", async () => {
    const first = await declare({});
    const overlap = await declare({ tokenGeneration: 2 });
    expect(difference(first.declared, overlap.declared)).toMatchInlineSnapshot();
    const after = await declare({ tokenGeneration: 2, acceptPreviousToken: false });
    expect(difference(overlap.declared, after.declared)).toMatchInlineSnapshot();
    expect(Object.keys(overlap.declared).filter((name) => !(name in after.declared))).toEqual([
      "RandomPassword acme-token-1",
    ]);
  });

  it("keeps and bounds executions where told to", async () => {
    const plain = await declare({});
    const { declared } = await declare({ reservedConcurrency: 20 });
    expect(Object.keys(difference(plain.declared, declared))).toEqual(["Function acme-function"]);
    expect(declared["Function acme-function"]).toMatchObject({ reservedConcurrentExecutions: 20 });
  });

  it("watches itself where somebody is to be told, and the old token during its overlap", async () => {
    const plain = await declare({});
    const { declared } = await declare({ alarms: { email: "ops@example.com", topicArn: "arn:aws:sns:x:1:ops" } });
    expect(difference(plain.declared, declared)).toMatchInlineSnapshot();
    const topic = { alarms: { topicArn: "arn:aws:sns:x:1:ops" } };
    const quiet = await declare({ ...topic, tokenGeneration: 2, acceptPreviousToken: false });
    const overlap = await declare({ ...topic, tokenGeneration: 2 });
    const { "MetricAlarm acme-previous-token": alarm } = difference(quiet.declared, overlap.declared);
    expect(alarm).toMatchInlineSnapshot();
  });
});
