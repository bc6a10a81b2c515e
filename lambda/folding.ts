/**
 * Latin-1 without ß and µ: lower-casing is the whole folding of these characters. It is the fast path, since nearly all
 * names consist of them.
 */
const latin = /^[\0-\xb4\xb6-\xde\xe0-\xff]*$/;
/** The full-width and half-width forms: U+3000 and the block U+FF00. */
const widths = /[\u3000\uff01-\uffee]/g;

/**
 * The form in which two texts are equal when they differ only in case, width or Unicode form: the full case folding of
 * Unicode (§3.13, D145) after the width mapping of PRECIS (RFC 8264 §5.2.1), in NFC. RFC 7644 §5 asks for PRECIS when
 * names are compared. Reservations of names, filters and sorting all use this one function. Leading and trailing blanks
 * are part of a text.
 *
 * `fold(fold(text))` is `fold(text)`. Linear in the length of the text. Unicode never changes the folding of an assigned
 * character, so a stored form stays valid under a later runtime.
 */
export function fold(text: string): string {
  if (latin.test(text)) return text.toLowerCase();
  return caseless(text.replace(widths, ordinaryWidth).normalize("NFD")).normalize("NFC");
}

/**
 * Full case folding by way of the upper-case form, which the runtime knows: equal for exactly those texts whose folding
 * by CaseFolding.txt (statuses C and F) is equal. The dotless i folds to itself there. A final sigma is a matter of
 * lower-casing, not of folding.
 */
function caseless(text: string): string {
  return text
    .split("ı")
    .map((part) => part.toLowerCase().toUpperCase().toLowerCase().replaceAll("ς", "σ"))
    .join("ı");
}

/**
 * The mapping that UnicodeData.txt marks as `<wide>` or `<narrow>`. NFKC is the same mapping, except for the characters
 * where it goes further.
 */
function ordinaryWidth(character: string): string {
  const code = character.charCodeAt(0);
  if (code === 0xffe3) return "\u00af";
  if (code < 0xffa0 || code > 0xffdc) return character.normalize("NFKC");
  const jamo = halfWidthJamo(code);
  return jamo === undefined ? character : String.fromCharCode(jamo);
}

/** The half-width letters of Hangul: one row of consonants, then four rows of vowels with gaps. */
function halfWidthJamo(code: number): number | undefined {
  if (code === 0xffa0) return 0x3164;
  if (code <= 0xffbe) return code - 0xffa1 + 0x3131;
  const [row, column] = [(code - 0xffc2) >> 3, (code - 0xffc2) & 7];
  const vowel = 0x314f + row * 6 + column;
  return code < 0xffc2 || column > 5 || vowel > 0x3163 ? undefined : vowel;
}
