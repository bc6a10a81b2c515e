import { readings } from "./encodings.ts";

/** Forms that nothing but a credential has. */
const forms: readonly (readonly [form: string, pattern: RegExp])[] = [
  ["an authorization header", /\b(bearer|basic|ssws|digest|apikey|token)\s+[\w.~+/=-]{8,}/i],
  ["an authorization header", /\b(authorization|x-[a-z-]*(key|token|auth|secret))"?\s*[:=]\s*"?[^\s"]{8,}/i],
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY/],
  ["a signed token", /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/],
  ["an AWS access key", /\b(AKIA|ASIA)[A-Z0-9]{16}\b/],
  ["a password in a URL", /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:[^\s/@]+@/i],
  ["a key of a known service", /\b(gh[pousr]_|github_pat_|xox[abprs]-|sk_live_|sk-)[\w-]{16,}/],
];

/** Characters from which a random text counts as a credential. Ids of AWS and Okta are shorter. */
const LONG = 24;
const ARN = /^arn:aws[a-z-]*:[a-z0-9-]+:[^\s"]+$/;
const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;

/** The kind of credential that a text holds, plainly or encoded; undefined if none is found. */
export function credentialIn(text: string): string | undefined {
  for (const reading of readings(text)) {
    const form = forms.find(([, pattern]) => pattern.test(reading));
    if (form !== undefined) return form[0];
    if (isOpaque(reading)) return "a long random text";
  }
  return undefined;
}

/** Of a secret in Secrets Manager, or of a parameter of Systems Manager. */
const SECRET_ARN =
  /^arn:aws[a-z-]*:(secretsmanager:[a-z0-9-]+:\d{12}:secret:|ssm:[a-z0-9-]+:\d{12}:parameter\/)[\w/+=.@-]+$/;
export const isSecretArn = (text: string): boolean => SECRET_ARN.test(text);

/** Whether a text has a run of letters and digits as only a generator makes them. */
function isOpaque(text: string): boolean {
  const bare = text.replace(UUID, "");
  const runs = bare.match(/[A-Za-z0-9]+/g) ?? [];
  if (runs.some((run) => run.length >= LONG && (share(run) >= 0.3 || isNoWord(run)))) return true;
  if (ARN.test(text)) return false;
  if ((bare.match(/[^\s"',]+/g) ?? []).some((run) => run.length >= LONG && isPassword(run))) return true;
  // Base64 has signs between letters; so have names, which are lower case or read as words.
  const wide = bare.match(/[A-Za-z0-9+/_=.~-]+/g) ?? [];
  return wide.some((run) => {
    const letters = run.replace(/[^A-Za-z0-9]/g, "");
    const isMixed = /[a-z]/.test(letters) && /[A-Z]/.test(letters) && /[0-9]/.test(letters);
    return letters.length >= LONG && isMixed && share(letters) >= 0.4;
  });
}

/** Digits alone, or letters that nobody can pronounce: few vowels, or many consonants in a row. */
function isNoWord(run: string): boolean {
  if (/^[0-9]+$/.test(run)) return true;
  if (!/^([a-z]+|[A-Z]+)$/.test(run)) return false;
  const vowels = run.match(/[aeiouy]/gi) ?? [];
  return vowels.length / run.length < 0.25 || /[^aeiouy]{6}/i.test(run);
}

/** All four kinds of characters, mixed as only a generator mixes them. */
function isPassword(run: string): boolean {
  const hasAll = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].every((kind) => kind.test(run));
  return hasAll && share(run) >= 0.55;
}

/** Of the pairs of neighbours, the part that differs in kind: a random text has six in ten, words have one in ten. */
function share(run: string): number {
  const kinds = Array.from(run, (letter) => [/[0-9]/, /[a-z]/, /[A-Z]/].findIndex((kind) => kind.test(letter)));
  return kinds.slice(1).filter((kind, index) => kind !== kinds[index]).length / Math.max(1, run.length - 1);
}
