import { z } from "zod";
import type { ResourceState } from "../engine/index.ts";
import type { Org } from "../okta/index.ts";

const INTEGRATION = "okta-scim-directory:index:OktaIntegration";

/** The console steps as the program registers them: Okta's label of a field, and the value to enter in it. */
const steps = z.array(
  z.object({
    id: z.string(),
    label: z.string(),
    value: z.string().optional(),
    values: z.array(z.string()).optional(),
    /** The stack's output that holds the value. */
    output: z.string().optional(),
  }),
);

/** The console steps of a stack, from the outputs that its Okta component registered. */
export function readConsoleSteps(resources: readonly Pick<ResourceState, "type" | "outputs">[]): unknown {
  return resources.find(({ type }) => type === INTEGRATION)?.outputs["consoleSteps"];
}

/**
 * Does exactly what the console steps of a stack say in the Admin Console, so that missing steps show at once.
 * @throws Error with the message of Okta's connector test
 */
export async function doConsoleStep(
  org: Org,
  consoleSteps: unknown,
  outputs: Readonly<Record<string, unknown>>,
): Promise<void> {
  const all = steps.parse(consoleSteps);
  const find = (id: string) => all.find((step) => step.id === id);
  const step = (id: string) => {
    const found = find(id);
    if (found === undefined) throw new Error(`the console steps of the stack lack ${id}`);
    return found;
  };
  const enabled = new Set(step("to-app").values);
  // The catalogue app has no list of actions and offers all of them.
  const listed = find("actions")?.values ?? ["Push New Users", "Push Profile Updates", "Push Groups"];
  const actions = new Set(listed);
  const result = await org.admin.configureProvisioning(String(outputs["oktaAppId"]), {
    baseUrl: step("base-url").value ?? "",
    token: String(outputs[step("token").output ?? ""]),
    actions: {
      pushNewUsers: actions.has("Push New Users"),
      pushProfileUpdates: actions.has("Push Profile Updates"),
      pushGroups: actions.has("Push Groups"),
    },
    toApp: {
      createUsers: enabled.has("Create Users"),
      updateUserAttributes: enabled.has("Update User Attributes"),
      deactivateUsers: enabled.has("Deactivate Users"),
    },
    renameAppGroups: find("keep-group-names") === undefined,
  });
  if (!result.ok) throw new Error(`Okta's connector test failed: ${result.message}`);
}
