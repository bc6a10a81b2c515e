import type { StackConfig } from "../engine/index.ts";
import { readStack, type Stack } from "../engine/stackFile.ts";
import { CONNECTION, wantedConnection } from "./birth.ts";
import { NAMESPACE, withOverrides } from "./stackConfig.ts";
import type { TenantOptions } from "./tenantOptions.ts";

/** Fully qualified key → text. */
export type ConfigValues = Readonly<Record<string, string>>;

/** The configuration below the overrides of the page: the stack's file, and the options of `npm start` on top of it. */
export interface Layers {
  /** The stack's file as it is now, with the defaults of `Pulumi.yaml`. */
  readonly file: Stack;
  /** The options `--config` of `npm start`. */
  readonly options: ConfigValues;
  /** The connection after the console step; empty if the file was edited or an option sets it. */
  readonly played: ConfigValues;
}

/**
 * Reads the layers of a stack that was started with these options.
 * @param root the folder of `Pulumi.yaml`
 * @param first the stack's file at the start
 * @param isConnected whether an administrator connected an org that the stack does not manage
 * @throws StackError if the file cannot be read
 */
export async function readLayers(
  root: string,
  { stack, config }: Pick<TenantOptions, "stack" | "config">,
  first: StackConfig,
  isConnected = false,
): Promise<Layers> {
  const file = await readStack(root, stack, config.keys());
  const { [CONNECTION]: fixed, ...options } = qualified(config);
  const edited = file.values[CONNECTION];
  // If the file's connection was edited since the start, the file counts.
  if (edited !== undefined && edited !== first.values[CONNECTION]) return { file, options, played: {} };
  if (fixed !== undefined) return { file, options: { ...options, [CONNECTION]: fixed }, played: {} };
  return { file, options, played: { [CONNECTION]: isConnected ? "ready" : wantedConnection({ config }, first) } };
}

/** Reads the layers of a tenant. @see readLayers */
export function createLayers(root: string, options: Pick<TenantOptions, "stack" | "config">, first: StackConfig) {
  let isConnected = false;
  return {
    read: (): Promise<Layers> => readLayers(root, options, first, isConnected),
    setConnected: (): void => {
      isConnected = true;
    },
  };
}

/** The configuration of a deployment. @param overrides keys with or without the namespace → text */
export const configWith = ({ file, options, played }: Layers, overrides: ConfigValues): StackConfig =>
  withOverrides(file, ...[options, played, overrides].map((layer) => Object.entries(layer)));

const qualified = (config: ReadonlyMap<string, string>): ConfigValues =>
  Object.fromEntries([...config].map(([key, value]) => [key.includes(":") ? key : `${NAMESPACE}:${key}`, value]));
