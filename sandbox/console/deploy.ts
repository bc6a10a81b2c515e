import { BadRequest } from "./badRequest.ts";
import type { DeploymentRequest, Deployments } from "./deployments.ts";

/** Deployments from the page do not queue: a second one starts only after the person has seen how the first ended. */
export function checkIdle(deployments: Deployments): void {
  if (deployments.running)
    throw new BadRequest(409, "A deployment is running. Wait until it has ended, then try again.");
}

export async function deploy(deployments: Deployments, request: Omit<DeploymentRequest, "startedBy">): Promise<void> {
  checkIdle(deployments);
  await deployments.up({ startedBy: "page", ...request });
}
