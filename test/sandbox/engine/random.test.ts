import { describe, expect, test } from "vitest";
import type { Properties, ResourceHandler } from "../../../sandbox/engine/provider.ts";
import { randomProvider } from "../../../sandbox/engine/random.ts";

function handler(type: string): ResourceHandler {
  const found = randomProvider().resources[type];
  if (found === undefined) throw new Error(`no ${type}`);
  return found;
}

describe("RandomPassword", () => {
  const password = handler("random:index/randomPassword:RandomPassword");
  const make = async (inputs: Properties): Promise<string> => String((await password.create(inputs)).outputs["result"]);

  test("draws only from the allowed characters", async () => {
    expect(await make({ length: 64, special: false })).toMatch(/^[A-Za-z0-9]{64}$/);
    expect(await make({ length: 40, lower: false, upper: false, number: false, overrideSpecial: "_" })).toBe(
      "_".repeat(40),
    );
  });

  test("contains at least the requested number of each kind", async () => {
    const made = await make({ length: 6, minNumeric: 3, minUpper: 3 });
    expect(made.replace(/[^0-9]/g, "")).toHaveLength(3);
    expect(made.replace(/[^A-Z]/g, "")).toHaveLength(3);
  });

  test("never draws the same twice", async () => {
    expect(await make({ length: 64 })).not.toBe(await make({ length: 64 }));
  });

  test("rejects impossible arguments", async () => {
    await expect(make({ length: 0 })).rejects.toThrow("length must be a whole number of at least 1");
    await expect(make({ length: 2, minUpper: 3 })).rejects.toThrow("length 2 is less than the 3 characters");
    await expect(make({ length: 2, lower: false, upper: false, numeric: false, special: false })).rejects.toThrow(
      "at least one",
    );
  });

  test("is replaced when its keepers change", () => {
    expect(password.replaces).toContain("keepers");
  });
});

test("RandomId writes the same bytes in every form", async () => {
  const { id, outputs } = await handler("random:index/randomId:RandomId").create({ byteLength: 8, prefix: "p-" });
  const bytes = Buffer.from(id, "base64url");
  expect(bytes).toHaveLength(8);
  expect(outputs).toEqual({
    hex: `p-${bytes.toString("hex")}`,
    dec: `p-${BigInt(`0x${bytes.toString("hex")}`)}`,
    b64Std: `p-${bytes.toString("base64")}`,
    b64Url: `p-${id}`,
  });
});
