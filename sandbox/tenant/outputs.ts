import { Secret } from "../engine/index.ts";

/** A stack's outputs in clear, and the names of those that contain a secret at any depth. */
export function revealOutputs(outputs: Readonly<Record<string, unknown>>): {
  readonly values: Readonly<Record<string, unknown>>;
  readonly secrets: ReadonlySet<string>;
} {
  const secrets = new Set<string>();
  const reveal = (name: string, value: unknown): unknown => {
    if (value instanceof Secret) {
      secrets.add(name);
      return reveal(name, value.value);
    }
    if (Array.isArray(value)) return value.map((item) => reveal(name, item));
    if (value !== null && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, reveal(name, inner)]));
    }
    return value;
  };
  const values = Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, reveal(name, value)]));
  return { values, secrets };
}

/** The same outputs as `pulumi stack output` prints them without `--show-secrets`. */
export function hideSecrets(
  values: Readonly<Record<string, unknown>>,
  secrets: ReadonlySet<string>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, secrets.has(name) ? "[secret]" : value]),
  );
}
