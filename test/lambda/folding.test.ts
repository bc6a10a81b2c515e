import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fold } from "../../lambda/folding.ts";

/** Every assigned character except ideographs and private use, which one test covers as one text. */
const characters: string[] = [];
const uniform: string[] = [];
for (let code = 0; code <= 0x10ffff; code += 1) {
  if (code >= 0xd800 && code <= 0xdfff) continue;
  const character = String.fromCodePoint(code);
  (/[\p{Ideographic}\p{Private_Use}\p{Unassigned}]/u.test(character) ? uniform : characters).push(character);
}

/** The characters for which `fails` is true, so that one assertion covers them all. */
const failing = (fails: (character: string) => boolean): string[] => characters.filter(fails);

const isWidth = (character: string): boolean => /[\u3000\uff00-\uffef]/.test(character);

/** Text in which marks, widths and special casings meet more often than in random Unicode. */
const awkward = fc.string({
  unit: fc.oneof(
    {
      weight: 3,
      // cspell:disable-next-line
      arbitrary: fc.constantFrom(
        ...Array.from("aAsSßẞΣσςΐİıIiǰJ\u030c\u0345\u0301\u0308\u3099ᾳᾼŉﬀﬃﾞｶＡａﾡㄱ각가Ꭰꭰ 　"),
      ),
    },
    { weight: 1, arbitrary: fc.string({ unit: "binary", minLength: 1, maxLength: 1 }) },
  ),
});

describe("fold", () => {
  it("leaves ideographs and characters of private use as they are, in NFC", () => {
    const text = uniform.filter((character) => !isWidth(character)).join("");
    expect(fold(text) === text.normalize("NFC")).toBe(true);
  });

  it("changes exactly the characters that Unicode says change when case folded", () => {
    // The property is defined on the decomposed form. Cherokee folds to upper case in CaseFolding.txt and to lower case here.
    const isCherokee = (character: string): boolean => /\p{Script=Cherokee}/u.test(character);
    const differs = failing((character) => {
      if (isWidth(character) || isCherokee(character)) return false;
      const changes = fold(character) !== character.normalize("NFC");
      return changes !== /\p{Changes_When_Casefolded}/u.test(character);
    });
    expect(differs).toEqual([]);
  });

  it("makes texts equal that Unicode's simple case folding makes equal", () => {
    const differs = failing((character) => {
      const folded = fold(character);
      if (isWidth(character) || Array.from(folded).length !== 1 || folded === character) return false;
      const decomposed = character.normalize("NFD");
      return decomposed === character && !new RegExp(`^\\u{${hex(character)}}$`, "iu").test(folded);
    });
    expect(differs).toEqual([]);
  });

  it("makes the two cases of every letter equal", () => {
    const differs = failing((character) => {
      if (character === "ı") return false;
      const forms = [character.toUpperCase(), character.toLowerCase(), character.toUpperCase().toLowerCase()];
      return forms.some((form) => fold(form) !== fold(character));
    });
    expect(differs).toEqual([]);
  });

  // CaseFolding.txt, status F; the other entries of it are characters that decompose.
  it.each([
    ["ß", "ss"],
    ["ẞ", "ss"],
    ["ŉ", "ʼn"],
    ["և", "եւ"],
    ["ﬀ", "ff"],
    ["ﬁ", "fi"],
    ["ﬂ", "fl"],
    ["ﬃ", "ffi"],
    ["ﬄ", "ffl"],
    ["ﬅ", "st"],
    ["ﬆ", "st"],
    ["ﬓ", "մն"],
    ["ﬔ", "մե"],
    ["ﬕ", "մի"],
    ["ﬖ", "վն"],
    ["ﬗ", "մխ"],
  ])("folds %s to %s", (character, folded) => {
    expect(fold(character)).toBe(folded);
  });

  it.each([
    ["a capital that Unicode composes only in lower case", "J\u030c", "ǰ"],
    ["a capital that Unicode composes only in lower case", "T\u0308", "ẗ"],
    ["a final sigma", "ΝΙΚΟΣ", "νικος"],
    ["a sigma that is not final", "Νικοσ", "νικος"],
    ["full-width letters", "ＡＢＣ", "abc"],
    ["the ideographic space", "a　b", "a b"],
    ["half-width katakana with a voiced mark", "ｶﾞ", "ガ"],
    ["half-width Hangul", "ﾡￂￜ", "ㄱㅏㅣ"],
    ["full-width signs", "￡￣￦", "£¯₩"],
    ["an iota below", "ᾼ", "αι"],
    ["a dotted capital I", "İ", "i\u0307"],
    ["the Kelvin sign", "K", "k"],
    ["the long s", "ſ", "s"],
  ])("compares %s", (_what, one, other) => {
    expect(fold(one)).toBe(fold(other));
  });

  it.each([
    ["the dotless i", "ı", "i"],
    ["accents", "é", "e"],
    ["a leading blank", " ann", "ann"],
    ["a trailing blank", "ann ", "ann"],
    ["compatibility forms other than width", "①", "1"],
    ["hiragana and katakana", "か", "カ"],
  ])("distinguishes %s", (_what, one, other) => {
    expect(fold(one)).not.toBe(fold(other));
  });

  it("maps every half-width and full-width form as NFKC does, except where NFKC changes more than the width", () => {
    const further = failing((character) => {
      const isForm = isWidth(character) && /\p{Assigned}/u.test(character);
      return isForm && fold(character) !== fold(character.normalize("NFKC"));
    });
    expect(further.every((character) => /[\uffa0-\uffdc\uffe3]/.test(character))).toBe(true);
    expect(
      further.filter((character) => fold(character).normalize("NFKC") !== fold(character.normalize("NFKC"))),
    ).toEqual([]);
  });

  it("does not change a folded text", () => {
    expect(failing((character) => fold(fold(character)) !== fold(character))).toEqual([]);
    fc.assert(
      fc.property(awkward, (text) => {
        expect(fold(fold(text))).toBe(fold(text));
      }),
      { numRuns: 5000 },
    );
  });

  it("does not depend on the Unicode form or the case of its input", () => {
    fc.assert(
      fc.property(awkward, (random) => {
        // The half-width voiced mark becomes a combining mark, which upper-casing beforehand would reorder.
        const text = random.replaceAll("ﾞ", "");
        const decomposed = text.normalize("NFD");
        const upper = decomposed.split("ı").map((part) => part.toUpperCase());
        const forms = [text.normalize("NFC"), decomposed, upper.join("ı")];
        expect(forms.map(fold)).toEqual(forms.map(() => fold(text)));
      }),
      { numRuns: 5000 },
    );
  });
});

function hex(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16);
}
