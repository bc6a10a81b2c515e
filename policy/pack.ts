import { types } from "node:util";
import { PolicyPack } from "@pulumi/policy";
import { leaves, UNKNOWN, type Properties, type Resource } from "./model/resource.ts";
import { resourceRules, stackRules } from "./rules.ts";

/**
 * A plain copy, with the text of assets, which Pulumi gives as promises. Pulumi throws when a value is read that a preview
 * does not know; the copy has `UNKNOWN` there.
 */
async function plain(value: unknown): Promise<unknown> {
  if (value instanceof Promise) return plain(await unwrapped(value));
  if (Array.isArray(value))
    return Promise.all(Array.from({ length: value.length }, (_, index) => read(value, String(index))));
  if (value === null || typeof value !== "object") return value;
  const entries = Object.keys(value).map(async (key) => [key, await read(value, key)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** Pulumi hands out a proxy of a promise, which nobody can await; under this key it gives the promise itself. */
function unwrapped(promise: Promise<unknown>): unknown {
  return types.isProxy(promise) ? (Reflect.get(promise, "__getSpecialProxyTarget") as unknown) : promise;
}

async function read(record: object, key: string): Promise<unknown> {
  try {
    return await plain(Reflect.get(record, key));
  } catch {
    return UNKNOWN;
  }
}

interface PolicyResource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly props: Properties;
  readonly opts: { readonly protect: boolean; readonly parent?: string };
  readonly parent?: { readonly urn: string };
}

const resourceOf = async ({ type, name, urn, props, opts, parent }: PolicyResource): Promise<Resource> => ({
  ...{ type, name, urn, protect: opts.protect },
  parent: parent?.urn ?? opts.parent,
  props: (await plain(props)) as Properties,
});

type ReportResource = (message: string) => void;
type ReportStack = (message: string, urn?: string) => void;

/** A preview cannot judge what it does not know: it says so, and `up` judges it. */
const knownAtUp = {
  name: "known-at-up",
  description: "A preview names each value that a rule reads and that is known only at up, where the rule checks it.",
  enforcementLevel: "advisory" as const,
  validateResource: async (args: PolicyResource, report: ReportResource) => {
    const resource = await resourceOf(args);
    for (const { name, appliesTo, reads } of resourceRules) {
      if (!appliesTo(resource.type)) continue;
      const read = Object.fromEntries(reads.map((key) => [key, resource.props[key]]));
      const unknown = [...leaves(read)].filter(([, leaf]) => leaf === UNKNOWN).map(([path]) => path);
      if (unknown.length > 0) report(`${unknown.join(", ")}: known at up, and checked there by ${name}`);
    }
  },
  validateStack: async (args: { resources: PolicyResource[] }, report: ReportStack) => {
    const resources = await Promise.all(args.resources.map(resourceOf));
    for (const { name, knownAtUp: unknownOf } of stackRules) {
      const unknown = unknownOf?.(resources) ?? [];
      if (unknown.length > 0) report(`${unknown.join(", ")}: known at up, and checked there by ${name}`);
    }
  },
};

export const pack = new PolicyPack("okta-scim-directory", {
  enforcementLevel: "mandatory",
  policies: [
    ...resourceRules.map(({ name, description, appliesTo, check }) => ({
      name,
      description,
      validateResource: async (args: PolicyResource, report: ReportResource) => {
        if (appliesTo(args.type)) for (const message of check(await resourceOf(args))) report(message);
      },
    })),
    ...stackRules.map(({ name, description, check }) => ({
      name,
      description,
      validateStack: async (args: { resources: PolicyResource[] }, report: ReportStack) => {
        const resources = await Promise.all(args.resources.map(resourceOf));
        for (const { message, urn } of check(resources)) report(message, urn);
      },
    })),
    knownAtUp,
  ],
});
