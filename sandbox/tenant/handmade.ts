import { z } from "zod";
import type { Org } from "../okta/index.ts";

/** The directory that an administrator connects by hand. */
export interface ExternalDirectory {
  readonly baseUrl: string;
  readonly token: string;
}

/** An integration that was made by hand. */
export interface Handmade {
  readonly appId: string;
  readonly label: string;
}

const LABEL = "Iru Endpoint";
const SSO_URL = "https://sso.example.com/acs";
const made = z.object({ id: z.string() });
const groups = z.array(z.object({ id: z.string(), profile: z.object({ name: z.string() }) }));

/**
 * Follows the article by hand, as an administrator with habits does: people also sign on through the app, one group has
 * another name in the directory, and the assignment group is filled by a rule of the administrator's own.
 */
export async function connectByHand(org: Org, { baseUrl, token }: ExternalDirectory): Promise<Handmade> {
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${org.url}/api/v1${path}`, {
      method,
      headers: { authorization: `SSWS ${org.apiToken}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };
  const make = async (path: string, body: unknown): Promise<string> => made.parse(await call("POST", path, body)).id;

  const appId = await make("/apps", samlApp());
  const result = await org.admin.configureProvisioning(appId, {
    baseUrl,
    token,
    actions: { pushNewUsers: true, pushProfileUpdates: true, pushGroups: true },
    toApp: { createUsers: true, updateUserAttributes: true, deactivateUsers: true },
    renameAppGroups: true,
  });
  if (!result.ok) throw new Error(result.message);
  const assigned = await make("/groups", { profile: { name: "iru_endpoint_users" } });
  await call("PUT", `/apps/${appId}/groups/${assigned}`, {});
  const known = groups.parse(await call("GET", "/groups"));
  const pushed = ["Developers", "Designers"].flatMap(
    (name) => known.find(({ profile }) => profile.name === name) ?? [],
  );
  const rule = await make("/groups/rules", {
    type: "group_rule",
    name: "Iru users",
    conditions: {
      expression: {
        type: "urn:okta:expression:1.0",
        value: `isMemberOfAnyGroup(${pushed.map(({ id }) => JSON.stringify(id)).join(", ")})`,
      },
    },
    actions: { assignUserToGroups: { groupIds: [assigned] } },
  });
  await call("POST", `/groups/rules/${rule}/lifecycle/activate`);
  await org.idle();
  for (const { id, profile } of pushed) {
    const targetGroupName = profile.name === "Designers" ? "Design" : profile.name;
    await call("POST", `/apps/${appId}/group-push/mappings`, { sourceGroupId: id, targetGroupName });
  }
  await org.idle();
  return { appId, label: LABEL };
}

/** The article's app, as the Admin Console's wizard makes it. */
const samlApp = (): unknown => ({
  label: LABEL,
  signOnMode: "SAML_2_0",
  visibility: { autoSubmitToolbar: false, hide: { iOS: false, web: false } },
  credentials: { userNameTemplate: { template: "${source.login}", type: "BUILT_IN" } },
  settings: {
    signOn: {
      ssoAcsUrl: SSO_URL,
      recipient: SSO_URL,
      destination: SSO_URL,
      audience: SSO_URL,
      subjectNameIdTemplate: "${user.userName}",
      subjectNameIdFormat: "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
      signatureAlgorithm: "RSA_SHA256",
      digestAlgorithm: "SHA256",
      authnContextClassRef: "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
      responseSigned: true,
      assertionSigned: true,
      honorForceAuthn: true,
    },
  },
});
