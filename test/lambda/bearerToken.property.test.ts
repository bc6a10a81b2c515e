import fc from "fast-check";
import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { bearerTokenOf, hashMatcher } from "../../lambda/bearerToken.ts";

const hashOf = (token: string): string => createHash("sha256").update(token, "utf8").digest("hex");

it("knows the SHA-256 of any token, and no other", () => {
  const token = fc.string({ unit: "binary", maxLength: 40 });
  fc.assert(
    fc.property(token, token, fc.nat(63), (given, other, at) => {
      const isHash = hashMatcher(given);
      const hash = hashOf(given);
      expect(isHash(hash)).toBe(true);
      expect(isHash(hashOf(other))).toBe(given === other);
      const changed = `${hash.slice(0, at)}${hash[at] === "0" ? "1" : "0"}${hash.slice(at + 1)}`;
      expect(isHash(changed)).toBe(false);
      expect(isHash(hash.slice(0, 2 * Math.floor(at / 2)))).toBe(false);
    }),
  );
});

it.each([
  ["Bearer abc", "abc"],
  ["bearer   abc  ", "abc"],
  ["Bearer a b", undefined],
  ["Bearer ", undefined],
  ["Basic abc", undefined],
  ["", undefined],
])("reads %j as the token %j", (authorization, token) => {
  expect(bearerTokenOf(authorization)).toBe(token);
});
