import type { Org } from "../okta/index.ts";

/**
 * What a person does in the Admin Console after the first deployment: what the output `nextSteps` says and nothing
 * else, so that steps which do not suffice show at once.
 * @throws Error with what Okta's connector test says
 */
export async function doConsoleStep(org: Org, outputs: Readonly<Record<string, unknown>>): Promise<void> {
  const steps = Array.isArray(outputs["nextSteps"]) ? outputs["nextSteps"].map(String) : [];
  const step = (text: string): string => {
    const found = steps.find((one) => one.includes(text));
    if (found === undefined) throw new Error(`nextSteps has no step about ${text}`);
    return found;
  };
  const appId = String(outputs["oktaAppId"]);
  const toApp = step("open To App");
  const operations = {
    createUsers: toApp.includes("Create Users"),
    updateUserAttributes: toApp.includes("Update User Attributes"),
    deactivateUsers: toApp.includes("Deactivate Users"),
  };
  // The catalogue app has no list of actions: it offers them all.
  const actions =
    org.appKind(appId) === "oin"
      ? { pushNewUsers: true, pushProfileUpdates: true, pushGroups: true }
      : {
          pushNewUsers: step("Supported provisioning actions:").includes("Push New Users"),
          pushProfileUpdates: step("Supported provisioning actions:").includes("Push Profile Updates"),
          pushGroups: step("Supported provisioning actions:").includes("Push Groups"),
        };
  const token = step("--show-secrets").includes("scimAuthorization") ? "scimAuthorization" : "scimToken";
  const result = await org.admin.configureProvisioning(appId, {
    baseUrl: /base URL: (\S+)/i.exec(step("ase URL: "))?.[1] ?? "",
    token: String(outputs[token]),
    actions,
    toApp: operations,
    renameAppGroups: !steps.some((one) => one.includes('uncheck "Rename app groups')),
  });
  if (!result.ok) throw new Error(`Okta's connector test failed: ${result.message}`);
}
