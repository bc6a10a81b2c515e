import type { Provider } from "../provider.ts";
import { appFunctions, appResources } from "./apps.ts";
import { createOktaClient } from "./client.ts";
import { groupFunctions, groupResources } from "./groups.ts";
import { profileFunctions, profileResources } from "./profiles.ts";

/** A stand-in for @pulumi/okta that works on an org through its Management API, in the order of the real provider. */
export function oktaProvider(url: string, apiToken: string): Provider {
  const client = createOktaClient(url, apiToken);
  return {
    package: "okta",
    resources: { ...appResources(client), ...groupResources(client), ...profileResources(client) },
    functions: { ...appFunctions(client), ...groupFunctions(client), ...profileFunctions(client) },
  };
}
