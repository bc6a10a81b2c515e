import { BadRequest } from "./badRequest.ts";
import { withoutEntry } from "./configuration.ts";
import type { DeploymentRequest, Deployments } from "./deployments.ts";
import type { HandlersOf } from "./handlers.ts";
import { readRotation } from "./rotation.ts";

/** Deployments from the page do not queue: a second one starts only after the person has seen how the first ended. */
async function deploy(deployments: Deployments, request: Omit<DeploymentRequest, "startedBy">): Promise<void> {
  if (deployments.running)
    throw new BadRequest(409, "A deployment is running. Wait until it has ended, then try again.");
  await deployments.up({ startedBy: "page", ...request });
}

export const stack: HandlersOf<
  | "deployReady"
  | "deployAgain"
  | "rotateToken"
  | "dropPreviousToken"
  | "configure"
  | "useFile"
  | "removeEntry"
  | "dismissDeployment"
> = {
  deployReady: async (_asked, { deployments }) => {
    await deploy(deployments, { title: "connection: ready", set: { connection: "ready" } });
    return "Deployed with connection: ready";
  },
  deployAgain: async ({ refresh }, { deployments }) => {
    await deploy(deployments, { title: refresh ? "Deploy with refresh" : "Deploy", refresh });
    return "Deployed";
  },
  rotateToken: async (_asked, { deployments, tenant }) => {
    if (!deployments.isManaged())
      throw new Error(
        "This stack uses the token in endpoint.token and creates none; create a new one at the directory itself",
      );
    if (readRotation(tenant, deployments).oktaHas === "earlier")
      throw new BadRequest(
        409,
        "Okta still uses an earlier token, which the next generation may lock out. Enter the newest token in Okta first.",
      );
    const tokenGeneration = deployments.tokenGeneration() + 1;
    await deploy(deployments, {
      title: `tokenGeneration: ${tokenGeneration}`,
      set: { tokenGeneration: String(tokenGeneration), acceptPreviousToken: "true" },
    });
    return `The service accepts the token of generation ${tokenGeneration} and the previous one`;
  },
  dropPreviousToken: async (_asked, { deployments }) => {
    await deploy(deployments, { title: "acceptPreviousToken: false", set: { acceptPreviousToken: "false" } });
    return "The service accepts only the newest token";
  },
  configure: async ({ key, value }, { deployments }) => {
    await deploy(deployments, { title: `${key}, set on the page`, set: { [key]: value } });
    return `Deployed with the new value of ${key}`;
  },
  useFile: async ({ key }, { deployments }) => {
    await deploy(deployments, { title: `${key}, as in the stack's file`, unset: [key] });
    return `Deployed with the value of ${key} in the stack's file`;
  },
  removeEntry: async ({ key, entry }, { tenant, deployments }) => {
    const edit = await withoutEntry(tenant, deployments, key, entry);
    await deploy(deployments, { title: `${key} without ${entry}`, ...edit });
    return `Deployed without ${entry} in ${key}`;
  },
  dismissDeployment: ({ deployment }, { deployments }) => {
    deployments.dismiss(deployment);
    return "The deployment's result is no longer shown";
  },
};
