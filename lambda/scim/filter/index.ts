import type { ResourceType } from "../schema/index.ts";
import { bindFilter, type Filter } from "./bind.ts";
import { parseFilter } from "./parse.ts";

export { bindElementFilter, bindFilter, type Filter, type Target } from "./bind.ts";
export { comparable } from "../values/comparable.ts";
export { matches } from "./evaluate.ts";
export { parseFilter } from "./parse.ts";
export type { Syntax } from "./syntax.ts";

/** Parses and binds a filter of RFC 7644 §3.4.2.2. Throws 400 `invalidFilter`. */
export function compileFilter(type: ResourceType, filter: string): Filter {
  return bindFilter(type, parseFilter(filter));
}

/** The conditions that a resource must all satisfy. */
export function conjuncts(filter: Filter): readonly Filter[] {
  return filter.kind === "and" ? filter.operands.flatMap(conjuncts) : [filter];
}

/** Whether a filter reads an attribute of the core schema, by its canonical name. */
export function reads(filter: Filter, name: string): boolean {
  switch (filter.kind) {
    case "and":
    case "or":
      return filter.operands.some((operand) => reads(operand, name));
    case "not":
      return reads(filter.operand, name);
    default:
      return filter.target.extension === undefined && filter.target.attribute.name === name;
  }
}
