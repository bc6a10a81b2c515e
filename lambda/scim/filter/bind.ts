import { entraBoolean } from "../values/entra.ts";
import { ScimError } from "../error.ts";
import type { JsonValue } from "../../model.ts";
import type { Attribute } from "../schema/attribute.ts";
import type { ResourceType } from "../schema/index.ts";
import { findAttribute, resolvePath } from "../schema/resolve.ts";
import { comparable, instantOf } from "../values/comparable.ts";
import type { Operator, Syntax } from "./syntax.ts";

/** The target of a path: an attribute of a resource or, inside a value path, a sub-attribute of an element. */
export interface Target {
  readonly extension: string | undefined;
  readonly attribute: Attribute;
  readonly sub: Attribute | undefined;
  readonly retained: boolean;
}

/** A filter whose paths and types are checked. */
export type Filter =
  | { readonly kind: "and" | "or"; readonly operands: readonly Filter[] }
  | { readonly kind: "not"; readonly operand: Filter }
  | { readonly kind: "present"; readonly target: Target }
  | {
      readonly kind: "compare";
      readonly target: Target;
      readonly operator: Operator;
      readonly value: string | number | boolean;
      /** The value in the form in which it is compared. */
      readonly comparable: JsonValue;
    }
  | { readonly kind: "valuePath"; readonly target: Target; readonly filter: Filter };

type Resolve = (path: string) => Target | undefined;

/**
 * Binds a filter to a resource type. Throws 400 `invalidFilter` for an attribute that no schema defines and for a
 * comparison that the attribute's type does not allow, and 403 `sensitive` for a password. `eq null` becomes `not pr`.
 * `types` are all types of the query: an attribute that only another type defines has no value (§3.4.2.1).
 */
export function bindFilter(type: ResourceType, syntax: Syntax, types: readonly ResourceType[] = [type]): Filter {
  const resolve: Resolve = (path) => {
    const own = resolvePath(type, path);
    if (own) return own;
    for (const other of types) {
      const foreign = resolvePath(other, path);
      if (foreign) return foreign;
    }
    return undefined;
  };
  return bind(syntax, resolve, types.map(({ name }) => name).join(" or "));
}

/** Binds the filter of a value path (`emails[…]`) to the elements of a multi-valued attribute. */
export function bindElementFilter(parent: Attribute, syntax: Syntax): Filter {
  const resolve: Resolve = (path) => {
    const attribute = findAttribute(parent.subAttributes ?? [], path);
    return attribute && { extension: undefined, attribute, sub: undefined, known: attribute, retained: true };
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
        throw ScimError.invalidFilter(`${syntax.path} takes no value filter.`);
      return { kind: "valuePath", target, filter: bindElementFilter(target.attribute, syntax.filter) };
    }
    case "compare":
      return compare(syntax, withDefaultSub(find(resolve, syntax.path, owner)));
  }
}

function find(resolve: Resolve, path: string, owner: string): Target {
  const target = resolve(path);
  if (!target)
    throw ScimError.invalidFilter(
      `The filter names ${JSON.stringify(path.slice(0, 100))}, which ${owner} does not define.`,
    );
  if (target.attribute.mutability === "writeOnly") {
    throw ScimError.sensitive(`${target.attribute.name} is never compared; do not send it in a query.`);
  }
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
    throw ScimError.invalidFilter(`${path} ${operator} null: null takes only eq and ne.`);
  }
  const attribute = target.sub ?? target.attribute;
  const { type } = attribute;
  const compared = (by: string | number | boolean): Filter => ({
    kind: "compare",
    target,
    operator,
    value: by,
    comparable: comparable(attribute, by),
  });
  const refuse = (reason: string): never => {
    throw ScimError.invalidFilter(`${path} ${operator}: ${reason}`);
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
      return typeof flag === "boolean" ? compared(flag) : refuse("the value must be true or false.");
    }
    case "integer":
    case "decimal":
      only("eq", "ne", "gt", "ge", "lt", "le");
      return typeof value === "number" ? compared(value) : refuse("the value must be a number.");
    case "dateTime": {
      only("eq", "ne", "gt", "ge", "lt", "le");
      return typeof value === "string" && instantOf(value) !== undefined
        ? compared(value)
        : refuse('the value must be a date and time in quotes, such as "2026-01-31T12:00:00Z".');
    }
    case "binary":
      only("eq", "ne");
      break;
    case "string":
    case "reference":
      break;
  }
  return typeof value === "string" ? compared(value) : refuse("the value must be a string in double quotes.");
}
