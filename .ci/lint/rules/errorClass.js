/** Whether a class, or a class that it extends, is the `Error` of the language. */
const isError = (type) => type.getSymbol()?.getName() === "Error" || (type.getBaseTypes() ?? []).some(isError);

const isNamed = (member) => member.type === "PropertyDefinition" && member.key.name === "name";
const isConstructor = (member) => member.type === "MethodDefinition" && member.kind === "constructor";

/** Names of the parameter that holds the cause: `options?: ErrorOptions`, `{ cause }`, `cause: unknown`. */
const causes = new Set(["cause", "options"]);

/** Whether code uses one of these names: as a value, a spread or a shorthand property. */
function uses(node, names) {
  if (node === null || typeof node !== "object") return false;
  if (Array.isArray(node)) return node.some((part) => uses(part, names));
  if (node.type === "Identifier" && names.has(node.name)) return true;
  return Object.entries(node).some(([key, part]) => key !== "parent" && uses(part, names));
}

/** Whether a constructor takes the cause, and hands it to `super` or sets it itself. */
const handsOnCause = ({ params, body }) => uses(params, causes) && uses(body, causes);

/**
 * An error prints under its own name and carries its cause: each class that extends Error has a field `name`, and its
 * constructor, where it has one, hands on a `cause`. Needs types.
 *
 * @type {import("eslint").Rule.RuleModule}
 */
export const errorClass = {
  meta: {
    type: "problem",
    schema: [],
    messages: {
      name: '{{name}} prints as "Error": give it a field `override readonly name = "{{name}}"`.',
      cause: "{{name}} drops its cause: take `options?: ErrorOptions` in the constructor and hand it to super.",
    },
  },
  create(context) {
    const { getTypeAtLocation } = context.sourceCode.parserServices;
    const check = (node) => {
      if (node.superClass === null || !isError(instanceOf(getTypeAtLocation(node)))) return;
      const data = { name: node.id?.name ?? "The class" };
      if (!node.body.body.some(isNamed)) context.report({ node, messageId: "name", data });
      const constructor = node.body.body.find(isConstructor);
      if (constructor === undefined) return;
      if (!handsOnCause(constructor.value)) context.report({ node, messageId: "cause", data });
    };
    return { ClassDeclaration: check, ClassExpression: check };
  },
};

const instanceOf = (type) => type.getConstructSignatures()[0]?.getReturnType() ?? type;
