import { PolicyPack } from "@pulumi/policy";
import type { Properties, Resource } from "./resource.ts";
import { resourceRules, stackRules } from "./rules.ts";

/** In a preview, reading a property that is not known yet throws; here it is left out. */
function known(value: unknown): unknown {
  if (Array.isArray(value)) return readable(value.length, (index) => value[index] as unknown).map(([, item]) => item);
  if (value === null || typeof value !== "object") return value;
  const keys = Object.keys(value);
  const entries = readable(keys.length, (index) => (value as Properties)[keys[index] ?? ""]);
  return Object.fromEntries(entries.map(([index, item]) => [keys[index], item]));
}

function readable(count: number, read: (index: number) => unknown): [index: number, value: unknown][] {
  const found: [number, unknown][] = [];
  for (let index = 0; index < count; index += 1) {
    try {
      found.push([index, known(read(index))]);
    } catch {
      // Not known yet.
    }
  }
  return found;
}

const resourceOf = (resource: {
  type: string;
  name: string;
  urn: string;
  props: Properties;
  opts: { protect: boolean };
}): Resource => ({
  type: resource.type,
  name: resource.name,
  urn: resource.urn,
  props: known(resource.props) as Properties,
  protect: resource.opts.protect,
});

export const pack = new PolicyPack("okta-scim-directory", {
  enforcementLevel: "mandatory",
  policies: [
    ...resourceRules.map(({ name, description, type, check }) => ({
      name,
      description,
      validateResource: (args: Parameters<typeof resourceOf>[0], report: (message: string) => void) => {
        if (args.type === type) check(resourceOf(args)).forEach((message) => report(message));
      },
    })),
    ...stackRules.map(({ name, description, check }) => ({
      name,
      description,
      validateStack: (
        args: { resources: Parameters<typeof resourceOf>[0][] },
        report: (message: string, urn?: string) => void,
      ) => {
        for (const { message, urn } of check(args.resources.map(resourceOf))) report(message, urn);
      },
    })),
  ],
});
