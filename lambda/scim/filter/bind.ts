import { entraBoolean } from "../document/entra.ts";
import type { Attribute } from "../schema/attribute.ts";
import type { ResourceType } from "../schema/index.ts";
import { findAttribute, resolvePath } from "../schema/resolve.ts";
import type { Operator, Syntax } from "./syntax.ts";
import { invalidFilter } from "./tokens.ts";

/** What a path reads: an attribute of a resource, or, inside a value path, a sub-attribute of an element. */
export interface Target {
  readonly extension: string | undefined;
  readonly attribute: Attribute;
  readonly sub: Attribute | undefined;
  readonly retained: boolean;
}

/** A filter whose paths and types are known to be right; values are made comparable. */
export type Filter =
  | { readonly kind: "and" | "or"; readonly operands: readonly Filter[] }
  | { readonly kind: "not"; readonly operand: Filter }
  | { readonly kind: "present"; readonly target: Target }
  | {
      readonly kind: "compare";
      readonly target: Target;
      readonly operator: Operator;
      readonly value: string | number | boolean;
    }
  | { readonly kind: "valuePath"; readonly target: Target; readonly filter: Filter };

type Resolve = (path: string) => Target | undefined;

/**
 * Binds a filter to a resource type. Throws 400 `invalidFilter` for an attribute that no schema of the type defines and
 * for a comparison that the attribute's type does not allow. `eq null` becomes `not pr`.
 */
export function bindFilter(type: ResourceType, syntax: Syntax): Filter {
  return bind(syntax, (path) => resolvePath(type, path), type.name);
}

/** Binds the filter of a value path (`emails[…]`) to the elements of a multi-valued attribute. */
export function bindElementFilter(parent: Attribute, syntax: Syntax): Filter {
  const resolve: Resolve = (path) => {
    const attribute = findAttribute(parent.subAttributes ?? [], path);
    return attribute && { extension: undefined, attribute, sub: undefined, retained: true };
  };
  return bind(syntax, resolve, parent.name);
}

function bind(syntax: Syntax, resolve: Resolve, owner: string): Filter {
  switch (syntax.kind) {
    case "and":
    case "or":
      return { kind: syntax.kind, operands: syntax.operands.map((operand) => bind(operand, resolve, owner)) };
    case "not":
      return { kind: "not", operand: bind(syntax.operand, resolve, owner) };
    case "present":
      return { kind: "present", target: find(resolve, syntax.path, owner) };
    case "valuePath": {
      const target = find(resolve, syntax.path, owner);
      if (target.attribute.type !== "complex" || target.sub)
        throw invalidFilter(`${syntax.path} takes no value filter.`);
      return { kind: "valuePath", target, filter: bindElementFilter(target.attribute, syntax.filter) };
    }
    case "compare":
      return compare(syntax, withDefaultSub(find(resolve, syntax.path, owner)));
  }
}

function find(resolve: Resolve, path: string, owner: string): Target {
  const target = resolve(path);
  if (!target)
    throw invalidFilter(`The filter names ${JSON.stringify(path.slice(0, 100))}, which ${owner} does not define.`);
  return target;
}

/** `emails co "x"` compares `emails.value` (RFC 7644 §3.4.2.2). */
function withDefaultSub(target: Target): Target {
  if (target.sub || target.attribute.type !== "complex") return target;
  const sub = findAttribute(target.attribute.subAttributes ?? [], "value");
  return sub ? { ...target, sub } : target;
}

function compare({ path, operator, value }: Syntax & { kind: "compare" }, target: Target): Filter {
  if (value === null) {
    const present: Filter = { kind: "present", target };
    if (operator === "eq") return { kind: "not", operand: present };
    if (operator === "ne") return present;
    throw invalidFilter(`${path} ${operator} null: null takes only eq and ne.`);
  }
  const { type } = target.sub ?? target.attribute;
  const refuse = (reason: string): never => {
    throw invalidFilter(`${path} ${operator}: ${reason}`);
  };
  const only = (...allowed: Operator[]): void => {
    if (!allowed.includes(operator)) refuse(`an attribute of type ${type} takes only ${allowed.join(", ")} and pr.`);
  };
  switch (type) {
    case "complex":
      return refuse("a complex attribute takes only pr; name one of its sub-attributes.");
    case "boolean": {
      only("eq", "ne");
      const flag = entraBoolean(value);
      return typeof flag === "boolean"
        ? { kind: "compare", target, operator, value: flag }
        : refuse("the value must be true or false.");
    }
    case "integer":
    case "decimal":
      only("eq", "ne", "gt", "ge", "lt", "le");
      return typeof value === "number"
        ? { kind: "compare", target, operator, value }
        : refuse("the value must be a number.");
    case "dateTime": {
      only("eq", "ne", "gt", "ge", "lt", "le");
      const instant = typeof value === "string" ? Date.parse(value) : Number.NaN;
      return Number.isNaN(instant)
        ? refuse("the value must be a date and time in quotes.")
        : { kind: "compare", target, operator, value: instant };
    }
    case "binary":
      only("eq", "ne");
      break;
    case "string":
    case "reference":
      break;
  }
  return typeof value === "string"
    ? { kind: "compare", target, operator, value }
    : refuse("the value must be a string in double quotes.");
}
