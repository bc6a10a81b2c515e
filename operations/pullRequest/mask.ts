/** Shorter texts are not secrets of this program; masking them would hide ordinary words. */
const SHORTEST = 8;

/** Every text in a value. */
function textsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap(textsOf);
}

/**
 * Replaces every known secret in a text by `[secret]`, also as JSON, a URL or base64 writes it.
 * @param secrets values of secret outputs and secret configuration; texts inside objects count
 */
export function mask(text: string, secrets: readonly unknown[]): string {
  const forms = secrets
    .flatMap(textsOf)
    .flatMap((secret) => (secret.startsWith("Bearer ") ? [secret, secret.slice("Bearer ".length)] : [secret]))
    .filter((secret) => secret.length >= SHORTEST)
    .flatMap((secret) => [
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret),
      Buffer.from(secret).toString("base64").replace(/=+$/, ""),
      Buffer.from(secret).toString("base64url"),
    ]);
  // The longest first: a secret may be a part of another.
  return [...new Set(forms)]
    .sort((a, b) => b.length - a.length)
    .reduce((masked, form) => masked.replaceAll(form, "[secret]"), text);
}
