import type { Provider } from "../../engine/provider.ts";
import { getApps, getPushGroups, getSaml } from "./appFunctions.ts";
import { autoLoginHandler } from "./autoLogin.ts";
import { createClient } from "./client.ts";
import { getGroup, getGroups, getUserProfileMappingSource, getUserType } from "./directoryFunctions.ts";
import { groupHandler } from "./group.ts";
import { groupAssignmentHandler } from "./groupAssignment.ts";
import { mappingHandler } from "./mapping.ts";
import { pushGroupHandler } from "./pushGroup.ts";
import { ruleHandler } from "./rule.ts";
import { samlHandler } from "./saml.ts";

/** A stand-in for @pulumi/okta: the same requests in the same order, over HTTP, with an API token. */
export function oktaProvider(orgUrl: string, apiToken: string): Provider {
  const client = createClient(orgUrl, apiToken);
  return {
    package: "okta",
    resources: {
      "okta:app/saml:Saml": samlHandler(client),
      "okta:app/autoLogin:AutoLogin": autoLoginHandler(client),
      "okta:app/groupAssignment:GroupAssignment": groupAssignmentHandler(client),
      "okta:group/group:Group": groupHandler(client),
      "okta:group/rule:Rule": ruleHandler(client),
      "okta:index/pushGroup:PushGroup": pushGroupHandler(client),
      "okta:profile/mapping:Mapping": mappingHandler(client),
    },
    functions: {
      "okta:app/getSaml:getSaml": getSaml(client),
      "okta:group/getGroup:getGroup": getGroup(client),
      "okta:index/getApps:getApps": getApps(client),
      "okta:index/getGroups:getGroups": getGroups(client),
      "okta:index/getPushGroups:getPushGroups": getPushGroups(client),
      "okta:user/getUserProfileMappingSource:getUserProfileMappingSource": getUserProfileMappingSource(client),
      "okta:user/getUserType:getUserType": getUserType(client),
    },
  };
}
