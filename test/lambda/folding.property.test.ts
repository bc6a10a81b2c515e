import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nameHash } from "../../lambda/directory/keys.ts";
import { fold } from "../../lambda/folding.ts";
import { comparePositions, readSortBy, sortKey } from "../../lambda/query/sort.ts";
import { compileFilter, matches } from "../../lambda/scim/filter/index.ts";
import { compileRegistry } from "../../lambda/scim/schema/index.ts";

const { user } = compileRegistry("standard");
const byName = readSortBy(user, "userName");

/** Few characters, so that random names are often equal, and the marks, widths and special casings meet. */
const close = fc.string({
  unit: fc.constantFrom(
    // cspell:disable-next-line
    ...Array.from("aAsSßẞΣσςıİǰJ\u030c\u0345\u0323\u0301ᾳᾼﬁｶガＡ각가Ꭰꭰ 　"),
  ),
  maxLength: 6,
});
const anything = fc.string({ unit: "binary", maxLength: 40 });
const name = fc.oneof(close, anything);

/** Other ways to write a name: another Unicode form, another case, full width. */
function variants(text: string): string[] {
  const decomposed = text.normalize("NFD");
  const upper = decomposed.split("ı").map((part) => part.toUpperCase());
  const wide = decomposed.replace(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0));
  return [text, text.normalize("NFC"), decomposed, upper.join("ı"), wide, fold(text)];
}

/** A name, and another way to write it. */
const same = fc
  // The half-width voiced mark becomes a combining mark, which upper-casing beforehand would reorder.
  .tuple(
    name.map((text) => text.replaceAll("ﾞ", "")),
    fc.nat(),
  )
  .map(([text, at]) => [text, variants(text)[at % 6] ?? text] as const);

/** Half of the pairs are equal, so that no draw comes near the bounds of a test by chance. */
const pairs = fc.oneof(
  { weight: 2, arbitrary: same },
  { weight: 1, arbitrary: fc.tuple(close, close) },
  { weight: 1, arbitrary: fc.tuple(name, name) },
);

/** Whether a user with a name satisfies a filter. */
function finds(userName: string, operator: string, value: string): boolean {
  return matches(compileFilter(user, `userName ${operator} ${JSON.stringify(value)}`), { userName });
}

/** The order of two names in a sorted list, apart from that of ids. */
function order(one: string, other: string): number {
  const [left, right] = [one, other].map((userName) => {
    const stored = { id: "1", version: "1", created: "", lastModified: "", attributes: { userName } };
    return { type: 0, id: "1", key: sortKey(user, stored, byName) };
  });
  return left && right ? comparePositions(left, right, false) : Number.NaN;
}

describe("the reservation of names, filters and sorting", () => {
  it("agree on the names that are equal", () => {
    let equal = 0;
    fc.assert(
      fc.property(pairs, ([one, other]) => {
        const isSame = nameHash("User", one) === nameHash("User", other);
        if (isSame) equal += 1;
        expect([fold(one) === fold(other), finds(one, "eq", other), finds(other, "eq", one)]).toEqual([
          isSame,
          isSame,
          isSame,
        ]);
        expect(finds(one, "ne", other)).toBe(!isSame);
        expect(order(one, other) === 0).toBe(isSame);
        expect(finds(one, "ge", other) && finds(one, "le", other)).toBe(isSame);
        if (isSame)
          expect(["sw", "co", "ew"].map((operator) => finds(one, operator, other))).toEqual([true, true, true]);
      }),
      { numRuns: 3000 },
    );
    expect(equal).toBeGreaterThan(1000);
    expect(equal).toBeLessThan(2700);
  });

  it("agree on the order of names", () => {
    fc.assert(
      fc.property(name, name, (one, other) => {
        const before = order(one, other);
        expect([finds(one, "lt", other), finds(one, "gt", other)]).toEqual([before < 0, before > 0]);
        expect(Math.sign(order(other, one))).toBe(0 - Math.sign(before));
      }),
      { numRuns: 2000 },
    );
  });

  it("do not depend on how a name is written, in the directory or in the query", () => {
    let found = 0;
    fc.assert(
      fc.property(
        same,
        same,
        fc.constantFrom("sw", "co", "ew", "eq", "lt"),
        ([one, other], [part, again], operator) => {
          const expected = finds(one, operator, part);
          if (expected) found += 1;
          expect([finds(other, operator, part), finds(one, operator, again), finds(other, operator, again)]).toEqual([
            expected,
            expected,
            expected,
          ]);
          expect(Math.sign(order(other, again))).toBe(Math.sign(order(one, part)));
        },
      ),
      { numRuns: 2000 },
    );
    expect(found).toBeGreaterThan(200);
  });

  it("find a name by each part of its folded form", () => {
    fc.assert(
      fc.property(name, fc.nat(), fc.nat(), (text, one, other) => {
        const characters = Array.from(fold(text));
        const [from = 0, to = 0] = [one, other].map((at) => at % (characters.length + 1)).toSorted((a, b) => a - b);
        expect(finds(text, "sw", characters.slice(0, to).join(""))).toBe(true);
        expect(finds(text, "co", characters.slice(from, to).join(""))).toBe(true);
        expect(finds(text, "ew", characters.slice(from).join(""))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("the work of folding", () => {
  /** The characters that the string methods of one folding read. */
  function work(text: string): number {
    let read = 0;
    const methods = ["toLowerCase", "toUpperCase", "normalize", "replace", "replaceAll", "split"] as const;
    const originals = methods.map(
      (method) => [method, Object.getOwnPropertyDescriptor(String.prototype, method)] as const,
    );
    for (const [method, original] of originals) {
      const run = original?.value as (...given: unknown[]) => unknown;
      Object.defineProperty(String.prototype, method, {
        configurable: true,
        writable: true,
        value(this: string, ...given: unknown[]) {
          read += this.length;
          return run.apply(this, given);
        },
      });
    }
    try {
      fold(text);
    } finally {
      for (const [method, original] of originals) {
        if (original) Object.defineProperty(String.prototype, method, original);
      }
    }
    return read;
  }

  it.each(["A", "Ä", "é"])("is one pass for a text of %s", (letter) => {
    expect([1, 512, 4096].map((length) => work(letter.repeat(length)))).toEqual([1, 512, 4096]);
  });

  it.each(["ß", "ı", "aı", "J\u030c", "ｶﾞ", "ΐ", "각", "a\u0323\u0307", "𐐀", "ﬃ", "\u0301"])(
    "grows with the length of a text of %j, and no faster",
    (unit) => {
      const [one, ten, hundred] = [10, 100, 1000].map((times) => work(unit.repeat(times)));
      expect(ten).toBeLessThanOrEqual(10 * (one ?? 0));
      expect(hundred).toBeLessThanOrEqual(10 * (ten ?? 0));
      expect(hundred).toBeLessThanOrEqual(1000 * unit.length * 24);
    },
  );
});
