import type { ConfigValues, Layers } from "../tenant/layers.ts";
import type { Starter } from "./deploymentLog.ts";

/** Where the value of a key comes from. Each source counts more than the ones before it. */
export type Source = "file" | "npm start" | "--config" | Starter;

/** The sources of a configuration. Keys are fully qualified. */
export interface Sources {
  readonly layers: Layers;
  /** Where each override of the page or of `npm run up` was set. */
  readonly overriddenBy: Readonly<Record<string, Starter>>;
}

/** The source whose value counts for a key. A key that nothing sets belongs to the file, where it can be set. */
export const sourceOf = (key: string, { layers, overriddenBy }: Sources): Source =>
  overriddenBy[key] ?? sourceBelow(key, layers);

/** The source whose value counts once the override of the page or of `npm run up` is dropped. */
export function sourceBelow(key: string, { file, options, played }: Layers): "file" | "npm start" | "--config" {
  if (key in options) return "--config";
  return key in played && !isSame(played, file.values, key) ? "npm start" : "file";
}

const isSame = (one: ConfigValues, other: ConfigValues, key: string): boolean => one[key] === other[key];
