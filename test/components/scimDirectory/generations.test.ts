import { describe, expect, it } from "vitest";
import type { StackState } from "../../../components/config/stackState.ts";
import { checkTenantConfig, type TenantConfig } from "../../../components/config/tenant.ts";
import { checkGenerations } from "../../../components/scimDirectory/generations.ts";

const receivers = [{ name: "hr", delivery: "poll" }];

function configured(values: Record<string, unknown>): TenantConfig {
  const entries = Object.entries({ tenant: "acme", ...values }).map(([key, value]) => [
    `okta-scim-directory:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const { config, problems } = checkTenantConfig(Object.fromEntries(entries) as Record<string, string>, "acme");
  expect(problems).toEqual([]);
  if (config === undefined) throw new Error("the configuration is wrong");
  return config;
}

/** A stack whose service accepts these tokens, and whose events are signed by the key of this generation. */
function deployed(accepted: readonly number[], signs?: number): StackState {
  const hashes = [...accepted.map((generation) => ({ generation })), { generation: 9, reader: "crm" }];
  const fn = (name: string, variables: Record<string, string>) => ({
    ...{ type: "aws:lambda/function:Function", name, outputs: { environment: { variables } } },
  });
  const key = (generation: number) => ({
    ...{ type: "aws:kms/key:Key", name: `acme-events-signing-${generation}` },
    outputs: { arn: `arn:aws:kms:eu-central-1:123456789012:key/${generation}` },
  });
  const keys = signs === undefined ? [] : [signs - 1, signs, signs + 1].map(key);
  const [, present] = keys;
  const published = JSON.stringify([{ kid: "a", keyArn: present?.outputs.arn, signs: true }, { kid: "b" }]);
  return {
    outputs: { connection: "ready", pushGroups: {} },
    resources: [
      fn("acme-function", { TOKEN_HASHES: JSON.stringify(hashes) }),
      ...(signs === undefined ? [] : [fn("acme-events-publish", { SIGNING_KEYS: published })]),
      ...keys,
    ],
  };
}

function refusal(values: Record<string, unknown>, state: StackState | undefined): string | undefined {
  try {
    checkGenerations(configured(values), state, "acme");
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.split("\n").slice(1).join("\n") : String(error);
  }
}

describe("tokenGeneration", () => {
  it.each([
    ["the same", { tokenGeneration: 4 }, [3, 4]],
    ["one more", { tokenGeneration: 5 }, [3, 4]],
    ["one more after the old token ended", { tokenGeneration: 5 }, [4]],
    ["one back, to a token that is accepted", { tokenGeneration: 3 }, [3, 4]],
    ["a jump that ends all tokens because it says so", { tokenGeneration: 7, acceptPreviousToken: false }, [3, 4]],
  ])("may be %s", (_, values, accepted) => {
    expect(refusal(values, deployed(accepted))).toBeUndefined();
  });

  it.each([
    ["a jump", 6, [3, 4], "generations 3 and 4", "4 or 5", 5],
    ["a jump back", 2, [4], "generation 4", "4 or 5", 5],
    ["a jump to what only a reader has", 9, [1], "generation 1", "1 or 2", 2],
  ])("may not be %s", (_, tokenGeneration, accepted, present, allowed, next) => {
    expect(refusal({ tokenGeneration }, deployed(accepted))).toBe(
      `  tokenGeneration: is ${tokenGeneration}, but the service accepts ${present} now, which would end: Okta, readers and receivers would get 401; allowed: ${allowed}; any number with acceptPreviousToken false, which ends all tokens that are older; fix: pulumi config set --stack acme tokenGeneration ${next}`,
    );
  });
});

describe("events.signingKey.generation", () => {
  const events = (signingKey: object) => ({ tokenGeneration: 1, events: { receivers, signingKey } });

  it.each([
    ["the same", events({ generation: 4 })],
    ["one more", events({ generation: 5 })],
    ["one back while the present key stays announced", events({ generation: 3, announceNext: true })],
    ["anything without events", { tokenGeneration: 1 }],
  ])("may be %s", (_, values) => {
    expect(refusal(values, deployed([1], 4))).toBeUndefined();
  });

  it.each([events({ generation: 6 }), events({ generation: 3 }), events({ generation: 1, announceNext: true })])(
    "may not withdraw the key that signs: %j",
    (values) => {
      expect(refusal(values, deployed([1], 4))).toMatch(
        /^ {2}events\.signingKey\.generation: is \d, but generation 4 signs now, and its public key would be withdrawn: .*; allowed: 4 or 5; fix: pulumi config set --stack acme --path events\.signingKey\.generation 5$/,
      );
    },
  );

  it("is free where no events are deployed", () => {
    expect(refusal(events({ generation: 7 }), deployed([1]))).toBeUndefined();
  });
});

it("any generation is free in a stack that was never deployed", () => {
  const events = { receivers, signingKey: { generation: 7 } };
  expect(refusal({ tokenGeneration: 7, events }, undefined)).toBeUndefined();
});
