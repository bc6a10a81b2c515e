import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { allFeatures } from "../../support/components/org.ts";
import { runProgram } from "../../support/components/registrations.ts";
import { declare, difference } from "../../support/components/scimDirectory/aws.ts";
import { domainInputs } from "../../support/components/scimDirectory/domainInputs.ts";
import { defaultBaseUrl, functionInputs, tokenHashes } from "../../support/components/scimDirectory/resourceInputs.ts";

describe("the AWS half", () => {
  it("has a certificate, its validation, a mapping and a record for a domain as its only address, and no default address", async () => {
    const plain = await declare({});
    const { declared } = await declare({
      endpoint: {
        kind: "managed",
        domain: { name: "scim.example.com", hostedZoneId: "Z0123456789", onlyAddress: true },
      },
    });
    expect(difference(plain.declared, declared)).toStrictEqual(domainInputs);
  });

  it("keeps its default address until the domain is the only address", async () => {
    const domain = { name: "scim.example.com", hostedZoneId: "Z0123456789" };
    const { declared } = await declare({ endpoint: { kind: "managed", domain } });
    expect(declared["Api acme-api"]).toMatchObject({ disableExecuteApiEndpoint: false });
    expect(declared).toHaveProperty(["ApiMapping acme-domain"]);
  });

  it("names the steps for the new base URL and the default address, until the domain is the only address", async () => {
    const domain = { name: "scim.example.com", hostedZoneId: "Z0123456789" };
    const stepsOf = async (onlyAddress: boolean): Promise<unknown> => {
      const endpoint = { kind: "managed", domain: { ...domain, onlyAddress } };
      const { outputs } = await runProgram({ connection: "ready", endpoint }, allFeatures);
      return outputs["nextSteps"];
    };
    expect(await stepsOf(false)).toEqual(
      expect.arrayContaining([
        "SCIM connector base URL: https://scim.example.com/api/v1/scim",
        expect.stringContaining('"pulumi config set --stack test --path endpoint.domain.onlyAddress true"'),
      ]),
    );
    expect(await stepsOf(true)).toEqual([]);
  });

  it("accepts the hashes of the old and the new token, and without acceptPreviousToken only the new one", async () => {
    const first = await declare({});
    const overlap = await declare({ tokenGeneration: 2 });
    expect(difference(first.declared, overlap.declared)).toStrictEqual({
      "Function acme-function": functionInputs(defaultBaseUrl, [tokenHashes[2], tokenHashes[1]]),
      "RandomPassword acme-token-2": { length: 64, special: false },
    });
    const after = await declare({ tokenGeneration: 2, acceptPreviousToken: false });
    expect(difference(overlap.declared, after.declared)).toStrictEqual({
      "Function acme-function": functionInputs(defaultBaseUrl, [tokenHashes[2]]),
    });
    expect(Object.keys(overlap.declared).filter((name) => !(name in after.declared))).toEqual([
      "RandomPassword acme-token-1",
    ]);
  });

  it("accepts a reader's tokens in the same generations, by hash and name, and hands them over as one secret output", async () => {
    const plain = await declare({});
    const hash = (resource: string): string => createHash("sha256").update(`t0ken-of-${resource}`).digest("hex");
    const hashOf = (reader: string, generation: 1 | 2) => ({
      generation,
      sha256: hash(`acme-reader-${reader}-${generation}`),
      reader,
    });
    const password = { length: 64, special: false };
    const first = await declare({ readers: ["hr", "crm"] });
    expect(difference(plain.declared, first.declared)).toStrictEqual({
      "Function acme-function": functionInputs(defaultBaseUrl, [tokenHashes[1], hashOf("hr", 1), hashOf("crm", 1)]),
      "RandomPassword acme-reader-hr-1": password,
      "RandomPassword acme-reader-crm-1": password,
    });
    const overlap = await declare({ readers: ["hr"], tokenGeneration: 2 });
    expect(overlap.declared["Function acme-function"]).toStrictEqual(
      functionInputs(defaultBaseUrl, [tokenHashes[2], tokenHashes[1], hashOf("hr", 2), hashOf("hr", 1)]),
    );
    expect(JSON.stringify(overlap.declared)).not.toContain("t0ken-of-");
    const { outputs, secretOutputs } = await runProgram({ readers: ["hr"], tokenGeneration: 2 });
    expect(outputs["readerTokens"]).toEqual({ hr: "t0ken-of-acme-reader-hr-2" });
    expect(secretOutputs).toContain("readerTokens");
  });

  it("has no output for readers if there are none", async () => {
    const { outputs, secretOutputs } = await runProgram({});
    expect(outputs["readerTokens"]).toBeUndefined();
    expect(secretOutputs).not.toContain("readerTokens");
  });

  it("names the readers and receivers that need the new token in the steps of a rotation, and no token", async () => {
    const receivers = [
      { name: "audit", delivery: "poll" },
      { name: "it", delivery: { push: "https://it.example.com" } },
    ];
    const config = { connection: "ready", tokenGeneration: 2, readers: ["hr", "crm"], events: { receivers } };
    const stepsOf = async (more: object): Promise<readonly string[]> =>
      (await runProgram({ ...config, ...more }, allFeatures)).outputs["nextSteps"] as string[];
    const steps = await stepsOf({});
    const give =
      'Give each reader its new token: hr, crm; the tokens are the value of "pulumi stack output readerTokens --show-secrets --stack test". Wait until no log line with "reader" has the tokenGeneration 1.';
    const hand =
      'Give each receiver that polls its new token: audit; the tokens are in the value of "pulumi stack output eventReceivers --show-secrets --stack test". Wait until no log line of the function feed with "receiver" has the tokenGeneration 1.';
    expect(steps.slice(-3, -1)).toEqual([give, hand]);
    expect(steps.join()).not.toContain("t0ken-of");
    expect(await stepsOf({ readers: [], events: {} })).toEqual(steps.filter((step) => step !== give && step !== hand));
    expect(await stepsOf({ acceptPreviousToken: false })).toEqual([]);
  });

  it("reserves and limits executions if reservedConcurrency is set", async () => {
    const plain = await declare({});
    const { declared } = await declare({ reservedConcurrency: 20 });
    expect(Object.keys(difference(plain.declared, declared))).toEqual(["Function acme-function"]);
    expect(declared["Function acme-function"]).toMatchObject({ reservedConcurrentExecutions: 20 });
  });
});
