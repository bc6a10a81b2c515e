import { ROOT_STACK_TYPE, type ResourceState, type StackState } from "./state.ts";
import { Secret, type Values } from "./values.ts";

const outputsOf = ({ outputs, secrets }: ResourceState): Values =>
  Object.fromEntries(
    Object.entries(outputs).map(([key, value]) => [key, secrets.has(key) ? new Secret(value) : value]),
  );

/**
 * Functions that the engine itself offers, by token: the outputs of a stack as the last deployment left them. The one
 * stack that is known here is the one being deployed.
 */
export const builtins: Readonly<Record<string, (state: StackState, args: Values) => Values>> = {
  "pulumi:pulumi:readStackOutputs": ({ resources }, { name }) => {
    const root = [...resources.values()].find(({ type }) => type === ROOT_STACK_TYPE);
    return { name, outputs: root === undefined ? {} : outputsOf(root) };
  },
  "pulumi:pulumi:readStackResourceOutputs": ({ resources }, { stackName }) => ({
    name: stackName,
    outputs: Object.fromEntries(
      [...resources.values()].map((resource) => [resource.urn, { type: resource.type, outputs: outputsOf(resource) }]),
    ),
  }),
};
