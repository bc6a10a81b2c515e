import { describe, expect, it } from "vitest";
import type { StackState } from "../../../components/config/stackState.ts";
import { checkTenantConfig, type TenantConfig } from "../../../components/config/tenant.ts";
import { checkGenerations } from "../../../components/scimDirectory/generations.ts";
import {
  signedSince,
  signingKeyWarning,
  type SignedSince,
} from "../../../components/scimDirectory/signingKeysInUse.ts";

const TODAY = "2026-11-26";
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

/**
 * A stack whose service accepts these tokens, and whose events are signed by the key of this generation; the one before and the
 * one after are published too.
 * @param since absent for a deployment that did not record it
 */
function deployed(accepted: readonly number[], signs?: number, since?: SignedSince): StackState {
  const hashes = [...accepted.map((generation) => ({ generation })), { generation: 9, reader: "crm" }];
  const fn = (name: string, variables: Record<string, string>) => ({
    ...{ urn: name, type: "aws:lambda/function:Function", name, outputs: { environment: { variables } } },
  });
  const key = (generation: number) => ({
    ...{ urn: `key-${generation}`, type: "aws:kms/key:Key", name: `acme-events-signing-${generation}` },
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
      {
        ...{ urn: "acme", type: "okta-scim-directory:index:ScimDirectory", name: "acme" },
        outputs: since === undefined ? {} : { signedSince: since },
      },
    ],
  };
}

async function refusal(
  values: Record<string, unknown>,
  state: StackState | undefined,
  today = TODAY,
): Promise<string | undefined> {
  try {
    await checkGenerations(configured(values), state, "acme", today);
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
  ])("may be %s", async (_, values, accepted) => {
    expect(await refusal(values, deployed(accepted))).toBeUndefined();
  });

  it.each([
    ["a jump", 6, [3, 4], "generations 3 and 4", "4 or 5", 5],
    ["a jump back", 2, [4], "generation 4", "4 or 5", 5],
    ["a jump to what only a reader has", 9, [1], "generation 1", "1 or 2", 2],
  ])("may not be %s", async (_, tokenGeneration, accepted, present, allowed, next) => {
    expect(await refusal({ tokenGeneration }, deployed(accepted))).toBe(
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
  ])("may be %s", async (_, values) => {
    expect(await refusal(values, deployed([1], 4))).toBeUndefined();
  });

  it.each([events({ generation: 6 }), events({ generation: 3 }), events({ generation: 1, announceNext: true })])(
    "may not withdraw the key that signs: %j",
    async (values) => {
      expect(await refusal(values, deployed([1], 4))).toMatch(
        /^ {2}events\.signingKey\.generation: is \d, but generation 4 signs now, and its public key would be withdrawn: .*; allowed: 4 or 5; fix: pulumi config set --stack acme --path events\.signingKey\.generation 5$/,
      );
    },
  );

  const soon = { 3: "2026-11-01", 4: "2026-11-20" };
  const push = [...receivers, { name: "iam", delivery: { push: "https://iam.example.com/events" } }];
  const toPush = { tokenGeneration: 1, events: { receivers: push, signingKey: { generation: 5 } } };

  it.each([
    ["poll, the day before", events({ generation: 5 }), "2026-12-04", 14, "2026-12-05"],
    ["poll, at once", events({ generation: 5, announceNext: true }), "2026-11-20", 14, "2026-12-05"],
    ["push, whose dead letters wait as long again", toPush, "2026-12-18", 28, "2026-12-19"],
  ])("may not be raised again while events of the key before may wait: %s", async (_, values, today, days, free) => {
    expect(await refusal(values, deployed([1], 4, soon), today)).toBe(
      `  events.signingKey.generation: is 5, but generation 4 signs since 2026-11-20, and the public key of generation 3 would be withdrawn: receivers could not verify its events, which wait for up to ${days} days; allowed: 4; 5 from ${free} on; fix: pulumi config set --stack acme --path events.signingKey.generation 4`,
    );
  });

  it.each([
    ["after the last event of the key before", events({ generation: 5 }), soon, "2026-12-05"],
    ["after the last dead letter", toPush, soon, "2026-12-19"],
    ["if nobody receives what it signed", { events: { eventBus: true, signingKey: { generation: 5 } } }, soon, TODAY],
    ["if the deployment recorded nothing", events({ generation: 5 }), undefined, TODAY],
  ])("may be raised again %s", async (_, values, since, today) => {
    expect(await refusal(values, deployed([1], 4, since), today)).toBeUndefined();
  });

  it("may be withdrawn again as long as it was announced alone", async () => {
    expect(await refusal(events({ generation: 4 }), deployed([1], 4, soon))).toBeUndefined();
  });

  it("keeps the key of a generation that a deployment went back from", async () => {
    const back = { ...soon, 5: "2026-11-10" };
    expect(await refusal(events({ generation: 4 }), deployed([1], 4, back))).toBe(
      "  events.signingKey.announceNext: is false, but generation 4 signs since 2026-11-20, and the public key of generation 5 would be withdrawn: receivers could not verify its events, which wait for up to 14 days; allowed: true; false from 2026-12-05 on; fix: pulumi config set --stack acme --path events.signingKey.announceNext true",
    );
    expect(await refusal(events({ generation: 4, announceNext: true }), deployed([1], 4, back))).toBeUndefined();
  });

  it("costs a warning where the last deployment did not record since when its key signs", () => {
    const again = configured(events({ generation: 5 }));
    expect(signingKeyWarning(again, deployed([1], 4))).toBe(
      "the public key of generation 3 of events.signingKey is withdrawn, and the last deployment did not record since when generation 4 signs: if that is less than 14 days, receivers cannot verify the events that generation 3 signed and that wait",
    );
    expect(signingKeyWarning(again, deployed([1], 4, soon))).toBeUndefined();
    expect(signingKeyWarning(configured(events({ generation: 4 })), deployed([1], 4))).toBeUndefined();
  });

  it.each([
    ["the first", events({}), undefined, { 1: TODAY }],
    ["the same", events({ generation: 4 }), deployed([1], 4, soon), soon],
    ["one more", events({ generation: 5 }), deployed([1], 4, soon), { 4: "2026-11-20", 5: TODAY }],
    ["one back", events({ generation: 3, announceNext: true }), deployed([1], 4, soon), { ...soon, 3: TODAY }],
    ["the same, of a deployment that did not record it", events({ generation: 4 }), deployed([1], 4), { 4: TODAY }],
    ["none", { tokenGeneration: 1 }, deployed([1], 4, soon), undefined],
  ])("is recorded with the day since which it signs: %s", (_, values, state, record) => {
    expect(signedSince(configured(values), state, TODAY)).toEqual(record);
  });

  it("is free where no events are deployed", async () => {
    expect(await refusal(events({ generation: 7 }), deployed([1]))).toBeUndefined();
  });
});

it("any generation is free in a stack that was never deployed", async () => {
  const events = { receivers, signingKey: { generation: 7 } };
  expect(await refusal({ tokenGeneration: 7, events }, undefined)).toBeUndefined();
});
