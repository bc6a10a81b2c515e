import { z } from "zod";
import type { Tenant } from "../tenant/tenant.ts";
import type { Deployments } from "./deployments.ts";

const id = z.string().min(1).max(200);
const name = z.string().trim().min(1).max(100);
const optional = z.string().trim().max(200);

/** What the page can have done. Everything in it is checked again by Okta's own rules. */
export const action = z.discriminatedUnion("action", [
  z.object({
    action: z.literal("hire"),
    firstName: name,
    lastName: name,
    login: name,
    title: optional.default(""),
    department: optional.default(""),
    groupIds: z.array(id).max(100).default([]),
  }),
  z.object({ action: z.literal("changeProfile"), user: id, values: z.record(z.string().max(100), optional) }),
  z.object({ action: z.literal("moveBetweenGroups"), user: id, from: id, to: id }),
  z.object({ action: z.literal("addToGroup"), user: id, group: id }),
  z.object({ action: z.literal("removeFromGroup"), user: id, group: id }),
  z.object({
    action: z.literal("setLifecycle"),
    user: id,
    step: z.enum(["activate", "reactivate", "deactivate", "suspend", "unsuspend"]),
  }),
  z.object({ action: z.literal("deleteUser"), user: id }),
  z.object({ action: z.literal("provisionUser"), user: id }),
  z.object({ action: z.literal("renameGroup"), group: id, name }),
  z.object({ action: z.literal("deleteGroup"), group: id }),
  z.object({ action: z.literal("pushNow"), mapping: id }),
  z.object({ action: z.literal("unlinkGroup"), mapping: id, deleteTargetGroup: z.boolean() }),
  z.object({ action: z.literal("forceSync") }),
  z.object({ action: z.literal("importUsers") }),
  z.object({ action: z.literal("retryTask"), task: z.string().min(1).max(500) }),
  z.object({ action: z.literal("breakNetwork"), seconds: z.int().min(1).max(3600) }),
  z.object({ action: z.literal("restoreNetwork") }),
  z.object({ action: z.literal("wipeConnection") }),
  z.object({ action: z.literal("doConsoleStep") }),
  z.object({ action: z.literal("deployReady") }),
  z.object({ action: z.literal("deployAgain") }),
  z.object({ action: z.literal("rotateToken") }),
  z.object({ action: z.literal("changeToken") }),
  z.object({ action: z.literal("dropPreviousToken") }),
]);
export type Action = z.infer<typeof action>;

/**
 * Does what a person would do in the Admin Console or with `pulumi up`. @returns what happened, in a sentence
 * @throws ApiError in Okta's words, DeploymentError as `pulumi up` prints it
 */
export async function run(asked: Action, tenant: Tenant, deployments: Deployments): Promise<string> {
  const { admin } = tenant.org;
  const appId = String(tenant.outputs["oktaAppId"]);
  switch (asked.action) {
    case "hire": {
      const { firstName, lastName, login, title, department, groupIds } = asked;
      const displayName = `${firstName} ${lastName}`;
      const email = login.includes("@") ? login : `${login}@example.com`;
      const more = { ...(title === "" ? {} : { title }), ...(department === "" ? {} : { department }) };
      admin.hire({ firstName, lastName, displayName, login: email, email, ...more }, groupIds);
      return `${displayName} was hired`;
    }
    case "changeProfile": {
      const values: Record<string, string | null> = {};
      for (const [key, value] of Object.entries(asked.values)) values[key] = value === "" ? null : value;
      admin.changeProfile(asked.user, values);
      return "The profile was changed";
    }
    case "moveBetweenGroups":
      admin.moveBetweenGroups(asked.user, asked.from, asked.to);
      return "Moved to the other group";
    case "addToGroup":
      admin.addToGroup(asked.user, asked.group);
      return "Added to the group";
    case "removeFromGroup":
      admin.removeFromGroup(asked.user, asked.group);
      return "Removed from the group";
    case "setLifecycle":
      admin.setLifecycle(asked.user, asked.step);
      return `The person was ${asked.step === "deactivate" ? "deactivated" : `${asked.step.replace(/e$/, "")}ed`}`;
    case "deleteUser":
      admin.deleteUser(asked.user);
      return "The person was deleted; whoever was active is deactivated first";
    case "provisionUser":
      admin.provisionUser(appId, asked.user);
      return "Okta provisions the person now";
    case "renameGroup":
      admin.renameGroup(asked.group, asked.name);
      return `The group is called ${asked.name} now`;
    case "deleteGroup":
      admin.deleteGroup(asked.group);
      return "The group was deleted in Okta";
    case "pushNow":
      admin.pushNow(asked.mapping);
      return "Okta pushes the whole group again";
    case "unlinkGroup":
      admin.unlinkGroup(asked.mapping, { deleteTargetGroup: asked.deleteTargetGroup });
      return asked.deleteTargetGroup
        ? "Unlinked; the group in the directory is deleted"
        : "Unlinked; the group in the directory stays";
    case "forceSync":
      admin.forceSync(appId);
      return "Okta sends everyone who is provisioned again";
    case "importUsers": {
      const { returned, scanned, users } = await admin.importUsers(appId);
      return `${returned} read, ${scanned} active, ${users.length} wait for a confirmation`;
    }
    case "retryTask":
      admin.retryTask(asked.task);
      return "Okta tries again";
    case "breakNetwork":
      admin.breakNetwork(asked.seconds * 1000);
      return `Okta reaches no SCIM service for ${asked.seconds} seconds`;
    case "restoreNetwork":
      admin.restoreNetwork();
      return "Okta reaches the SCIM service again";
    case "wipeConnection":
      admin.disconnect(appId);
      return "The SCIM connection is wiped: Okta sends nothing any more";
    case "doConsoleStep":
      await tenant.doConsoleStep();
      return "The console step is done and the connector test passed";
    case "deployReady":
      await deployments.up({ connection: "ready" });
      return "Deployed with connection: ready";
    case "deployAgain":
      await deployments.up({});
      return "Deployed: the connection is as it should be";
    case "rotateToken": {
      if (!deployments.isManaged()) throw new Error("This stack is given its token (endpoint.token) and makes none");
      const tokenGeneration = deployments.tokenGeneration() + 1;
      await deployments.up({ tokenGeneration: String(tokenGeneration), acceptPreviousToken: "true" });
      return `The service accepts the token of generation ${tokenGeneration} and still the one before it`;
    }
    case "changeToken": {
      const output = tenant.org.appKind(appId) === "oin" ? "scimAuthorization" : "scimToken";
      const { ok, message } = await admin.changeToken(appId, String(tenant.outputs[output]));
      if (!ok) throw new Error(`Okta's connector test failed: ${message}`);
      return "Okta uses the new token; the connector test passed";
    }
    case "dropPreviousToken":
      await deployments.up({ acceptPreviousToken: "false" });
      return "The service accepts the newest token only";
  }
}
