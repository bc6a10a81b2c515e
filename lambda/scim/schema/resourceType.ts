import type { Schema } from "./attribute.ts";

/** A resource type as one tenant offers it. */
export interface ResourceType {
  readonly name: "User" | "Group";
  readonly endpoint: "/Users" | "/Groups";
  /** The core schema with what is retained. */
  readonly schema: Schema;
  /** Extension schemas with what is retained; one that retains nothing is left out. */
  readonly extensions: readonly Schema[];
  /** The same with everything that RFC 7643 defines: known attributes that are accepted and dropped. */
  readonly known: { readonly schema: Schema; readonly extensions: readonly Schema[] };
}

export interface Registry {
  readonly user: ResourceType;
  readonly group: ResourceType;
}
