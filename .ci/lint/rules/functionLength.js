import { builtinRules } from "eslint/use-at-your-own-risk";

const core = builtinRules.get("max-lines-per-function");

/** The name of the called function: `describe` for both `describe(…)` and `describe.each(…)(…)`. */
const callee = (node) => {
  if (node.type === "CallExpression") return callee(node.callee);
  return node.type === "MemberExpression" ? callee(node.object) : node.name;
};

/** Whether a function is the body of a suite: a list of tests, not a function. */
const isSuite = ({ parent }) => parent.type === "CallExpression" && callee(parent) === "describe";

/**
 * ESLint's `max-lines-per-function`, except for the bodies of suites.
 *
 * @type {import("eslint").Rule.RuleModule}
 */
export const functionLength = {
  meta: core.meta,
  create(context) {
    const report = (problem) => {
      if (!isSuite(problem.node)) context.report(problem);
    };
    return core.create(Object.create(context, { report: { value: report } }));
  },
};
