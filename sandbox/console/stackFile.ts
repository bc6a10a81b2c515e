import { unwatchFile, watchFile } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { fileOf } from "../../operations/live/stackFile.ts";
import { checkConfiguration } from "../../operations/live/tenant.ts";
import { messageOf } from "../support/errors.ts";
import { configWith } from "../tenant/layers.ts";
import { NAMESPACE } from "../tenant/stackConfig.ts";
import type { Tenant } from "../tenant/tenant.ts";
import type { Deployments } from "./deployments.ts";
import { sourceOf, type Source } from "./source.ts";

/** An edit of the stack's file that no deployment has used yet. */
export interface StackFileNotice {
  /** Name of the file. */
  readonly file: string;
  /** Keys whose new value the next deployment uses. Those of the program are without the namespace. */
  readonly keys: readonly string[];
  /** Keys whose new value has no effect, each with the source that counts more than the file. */
  readonly hidden: readonly { readonly key: string; readonly source: Source }[];
  /** Why the file cannot be deployed, with the lines of the program's own message. */
  readonly problem?: string;
}

export interface StackFileReader {
  /** Undefined if the last deployment used the file as it is now. */
  read(): Promise<StackFileNotice | undefined>;
  close(): void;
}

type Deployed = Pick<Tenant, "stack" | "config" | "deployedFile" | "readLayers">;
type Overriding = Pick<Deployments, "overrides" | "overriddenBy">;

/**
 * Compares the stack's file with the last deployment. The file is read again only if it changed on disk.
 * @param root the folder of `Pulumi.yaml`
 * @param onChange called after the file was written, replaced or deleted
 * @param paceMs milliseconds between two looks at the file's times and size
 */
export function createStackFileReader(
  root: string,
  tenant: Deployed,
  deployments: Overriding,
  onChange: () => void,
  paceMs = 500,
): StackFileReader {
  const path = join(root, fileOf(tenant.stack));
  // Editors replace files and network drives send no events, so the file is looked at by its name.
  watchFile(path, { persistent: false, interval: paceMs }, onChange);
  let known: readonly unknown[] = [];
  let reading: Promise<StackFileNotice | undefined> = Promise.resolve(undefined);
  return {
    read: async () => {
      const now = [await signatureOf(path), tenant.config, deployments.overrides];
      if (now.some((part, index) => part !== known[index])) reading = compare(tenant, deployments);
      known = now;
      return reading;
    },
    close: () => unwatchFile(path, onChange),
  };
}

/** Changes whenever the file is written, replaced or deleted. */
async function signatureOf(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found === undefined ? "absent" : [found.ino, found.size, found.mtimeNs, found.ctimeNs].join();
}

async function compare(tenant: Deployed, deployments: Overriding): Promise<StackFileNotice | undefined> {
  const file = fileOf(tenant.stack);
  try {
    const layers = await tenant.readLayers();
    const next = configWith(layers, deployments.overrides).values;
    const edited = differences(layers.file.values, tenant.deployedFile.values);
    const isUsed = (key: string): boolean => next[key] !== tenant.config.values[key];
    const hidden = edited.flatMap((key) => {
      const source = sourceOf(key, { layers, overriddenBy: deployments.overriddenBy });
      return isUsed(key) || source === "file" ? [] : [{ key: shortOf(key), source }];
    });
    const keys = edited.filter(isUsed).map(shortOf);
    if (keys.length === 0 && hidden.length === 0) return undefined;
    const problem = problemOf(next, tenant.stack);
    return { file, keys, hidden, ...(problem === undefined ? {} : { problem }) };
  } catch (error) {
    return { file, keys: [], hidden: [], problem: messageOf(error) };
  }
}

type Values = Readonly<Record<string, string>>;

/** The keys whose values differ, in the order of the newer configuration. */
const differences = (newer: Values, older: Values): readonly string[] =>
  [...new Set([...Object.keys(newer), ...Object.keys(older)])].filter((key) => newer[key] !== older[key]);

const shortOf = (key: string): string => (key.startsWith(`${NAMESPACE}:`) ? key.slice(NAMESPACE.length + 1) : key);

function problemOf(values: Values, stack: string): string | undefined {
  try {
    checkConfiguration(values, stack);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
