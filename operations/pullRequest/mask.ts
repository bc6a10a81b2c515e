/** Shorter texts are words and numbers of every preview: masking them would hide what it says. */
const SHORTEST = 8;
const MASK = "[secret]";

/** Every text and number in a value; numbers as JSON writes them. */
function textsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "number" || typeof value === "bigint") return [String(value)];
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap(textsOf);
}

/** The credentials in a value of the header Authorization (RFC 9110 §11.6.2; Okta's scheme is SSWS). */
function credentialsOf(secret: string): readonly string[] {
  const [, scheme = "", credentials] = /^([A-Za-z][\w-]*)\s+(\S+)$/.exec(secret.trim()) ?? [];
  if (credentials === undefined) return [];
  if (scheme.toLowerCase() !== "basic") return [credentials];
  const pair = Buffer.from(credentials, "base64").toString();
  return [credentials, pair, pair.slice(pair.indexOf(":") + 1)];
}

/** The secret, and each of its lines: a printer may indent lines, or cut the last line break. */
function partsOf(secret: string): readonly string[] {
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  // The frame of a PEM is no secret; masking it would be of no use to anybody.
  return lines.length < 2 ? [secret, ...lines] : [secret, secret.trim(), ...lines.filter((line) => !isFrame(line))];
}

const isFrame = (line: string): boolean => /^-----(BEGIN|END) [A-Z0-9 ]+-----$/.test(line);

const formsOf = (secret: string): readonly string[] => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  encodeURIComponent(secret),
  Buffer.from(secret).toString("base64").replace(/=+$/, ""),
  Buffer.from(secret).toString("base64url"),
];

/**
 * Replaces every known secret of at least 8 characters in a text by `[secret]`, also as JSON, a URL or base64 writes it, and each
 * line of it that has 8 characters. Of the value of an Authorization header the credentials alone are replaced too, and of
 * Basic credentials the password.
 * @param secrets values of secret outputs and secret configuration; texts and numbers inside objects count
 */
export const mask = (text: string, secrets: readonly unknown[]): string => createMask(secrets)(text);

/** The same for many texts. A text is masked before it is cut: the mask does not know a part of a secret. */
export function createMask(secrets: readonly unknown[]): (text: string) => string {
  const found = secrets
    .flatMap(textsOf)
    .flatMap((secret) => [secret, ...credentialsOf(secret)])
    .flatMap(partsOf)
    .filter((secret) => secret.trim().length >= SHORTEST)
    .flatMap(formsOf);
  // The longest first: a secret may be a part of another.
  const forms = [...new Set(found)].sort((a, b) => b.length - a.length);
  return (text) => forms.reduce((masked, form) => masked.replaceAll(form, MASK), text);
}
