import type { JsonObject, Page, Stored } from "../model.ts";
import type { ResourceType } from "../scim/schema/index.ts";

/** Finds the resources whose attribute has a value, in order of id; none if no resource has it. */
export type Lookup = (value: string) => Promise<readonly Stored[]>;

/** One resource type of the directory, as a query reads it. */
export interface Source {
  readonly type: ResourceType;
  /** The attributes that the directory finds resources by, by canonical name; a plan prefers the first. */
  readonly lookups: ReadonlyMap<string, Lookup>;
  /** How a client can name `lookups` in a filter. Errors give it as advice. */
  readonly advice: string;
  /** The attribute that holds a resource's connections; reading it costs a request for each resource. */
  readonly connection: "groups" | "members";
  /**
   * The resource in the form in which a filter evaluates it. With its connections it is read again; undefined if it is
   * gone.
   */
  represent(stored: Stored, withConnections: boolean): Promise<JsonObject | undefined>;
  /** Resources in order of id. `offset` is 0-based. */
  page(offset: number, count: number): Promise<Page>;
  /** The first `count` resources with an id after `after`; fewer only if there are no more. */
  pageAfter(after: string | undefined, count: number): Promise<readonly Stored[]>;
  /** The last `count` resources with an id before `before`, in order of id; fewer only if there are no more. */
  pageBefore(before: string, count: number): Promise<readonly Stored[]>;
  count(): Promise<number>;
}

/** Calls of a source that one query keeps in flight. */
export const WIDTH = 10;
