import { describe, expect, test } from "vitest";
import {
  Secret,
  UNKNOWN,
  canonical,
  decode,
  encode,
  holdsSecret,
  holdsUnknown,
  plain,
} from "../../../sandbox/engine/values.ts";
import { Archive } from "../../../sandbox/engine/provider.ts";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const secret = (value: unknown) => ({ [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value });
const asset = (text: string) => ({ [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17", __pulumiAsset: true, text });
const archive = (assets: unknown) => ({
  [SIGNATURE]: "0def7320c3a5731c473e5ecbe6d01bc7",
  __pulumiArchive: true,
  assets,
});

describe("wire values", () => {
  test("decodes secrets at any depth and encodes them back", () => {
    const wire = { variables: { token: secret("t") }, list: [secret({ a: 1 })] };
    const decoded = decode(wire);
    expect(decoded).toEqual({ variables: { token: new Secret("t") }, list: [new Secret({ a: 1 })] });
    expect(encode(decoded)).toEqual(wire);
    expect(plain(decoded)).toEqual({ variables: { token: "t" }, list: [{ a: 1 }] });
    expect(holdsSecret(decoded)).toBe(true);
    expect(holdsSecret(plain(decoded))).toBe(false);
  });

  test("decodes nested archives to paths and texts", () => {
    const decoded = decode(archive({ "index.mjs": asset("x"), lib: archive({ "a.mjs": asset("y") }) }));
    expect(decoded).toEqual(
      new Archive(
        new Map([
          ["index.mjs", "x"],
          ["lib/a.mjs", "y"],
        ]),
      ),
    );
    expect(decode(encode(decoded))).toEqual(decoded);
  });

  test("rejects assets that are only a path", () => {
    expect(() => decode({ [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17", path: "x" })).toThrow("contain their text");
  });

  test("decodes output values: unknown without a value, secret where marked", () => {
    const output = { [SIGNATURE]: "d0e6a833031e9bbcd3f4e8bde6ca49a4" };
    expect(decode(output)).toBe(UNKNOWN);
    expect(decode({ ...output, value: 1, secret: true })).toEqual(new Secret(1));
  });

  test("leaves undefined out of objects and writes it as null in lists", () => {
    expect(encode({ a: undefined, b: [undefined, 1], c: Number.NaN })).toEqual({ b: [null, 1], c: null });
  });

  test("rejects values that JSON cannot hold", () => {
    expect(() => encode({ a: () => 1 })).toThrow("a function cannot be a property of a resource");
  });

  test("finds unknowns inside secrets and lists", () => {
    expect(holdsUnknown([{ a: new Secret(UNKNOWN) }])).toBe(true);
    expect(holdsUnknown([{ a: new Secret("known") }])).toBe(false);
  });

  test("has one text for equal values, whatever the order of keys", () => {
    expect(canonical({ a: 1, b: { c: 2, d: 3 } })).toBe(canonical({ b: { d: 3, c: 2 }, a: 1 }));
    expect(canonical(new Archive(new Map([["a", "1"]])))).not.toBe(canonical(new Archive(new Map([["a", "2"]]))));
  });
});
