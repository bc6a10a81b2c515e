import type { Properties } from "../../engine/provider.ts";
import type { OktaClient } from "./client.ts";
import { commonOutputs } from "./appBody.ts";
import { at, flag, optionalText, text, textAt } from "./values.ts";

const onlyActive = (args: Properties): string => (flag(args, "activeOnly", true) ? `status eq "ACTIVE"` : "");

async function findApps(client: OktaClient, args: Properties): Promise<unknown[]> {
  const label = optionalText(args, "label");
  const prefix = optionalText(args, "labelPrefix");
  const query = new URLSearchParams({ limit: "200" });
  const q = optionalText(args, "q") ?? label ?? prefix;
  if (q !== undefined) query.set("q", q);
  if (onlyActive(args) !== "") query.set("filter", onlyActive(args));
  const apps = await client.list(`/api/v1/apps?${query.toString()}`);
  return apps.filter(
    (app) =>
      (label === undefined || textAt(app, "label") === label) &&
      (prefix === undefined || textAt(app, "label").startsWith(prefix)),
  );
}

/** `okta.app.getSaml` by `id`, `label` or `labelPrefix`; its `features` are what the app has at this moment. */
export const getSaml =
  (client: OktaClient) =>
  async (args: Properties): Promise<Properties> => {
    const id = optionalText(args, "id");
    if (
      id === undefined &&
      optionalText(args, "label") === undefined &&
      optionalText(args, "labelPrefix") === undefined
    ) {
      throw new Error("you must provide either a label_prefix, id, or label for application search");
    }
    const app = id === undefined ? (await findApps(client, args))[0] : await client.find(`/api/v1/apps/${id}`);
    if (app === undefined) throw new Error(`no application found with ${id === undefined ? "that label" : `id ${id}`}`);
    if (textAt(app, "signOnMode") !== "SAML_2_0")
      throw new Error(`the application ${textAt(app, "label")} is not a SAML application`);
    const signOn = at(app, "settings", "signOn");
    return {
      ...args,
      ...commonOutputs(app),
      id: textAt(app, "id"),
      keyId: textAt(app, "credentials", "signing", "kid"),
      ssoUrl: textAt(signOn, "ssoAcsUrl"),
      recipient: textAt(signOn, "recipient"),
      destination: textAt(signOn, "destination"),
      audience: textAt(signOn, "audience"),
      subjectNameIdTemplate: textAt(signOn, "subjectNameIdTemplate"),
      subjectNameIdFormat: textAt(signOn, "subjectNameIdFormat"),
      links: JSON.stringify(at(app, "_links")),
      groups: [],
      users: [],
    };
  };

/** `okta.getApps`: each app with its `features`. */
export const getApps =
  (client: OktaClient) =>
  async (args: Properties): Promise<Properties> => {
    const apps = await findApps(client, args);
    return {
      ...args,
      apps: apps.map((app) => ({
        ...commonOutputs(app),
        id: textAt(app, "id"),
        created: textAt(app, "created"),
        lastUpdated: textAt(app, "lastUpdated"),
        adminNote: textAt(app, "settings", "notes", "admin"),
        enduserNote: textAt(app, "settings", "notes", "enduser"),
        visibility: {
          autoLaunch: at(app, "visibility", "autoLaunch") === true,
          autoSubmitToolbar: at(app, "visibility", "autoSubmitToolbar") === true,
          hide: {
            ios: at(app, "visibility", "hide", "iOS") === true,
            web: at(app, "visibility", "hide", "web") === true,
          },
        },
      })),
    };
  };

/** `okta.getPushGroups`: the mappings of one app. */
export const getPushGroups =
  (client: OktaClient) =>
  async (args: Properties): Promise<Properties> => {
    const appId = text(args, "appId");
    const found = await client.list(`/api/v1/apps/${appId}/group-push/mappings`);
    const mappings = found.map((mapping) => ({
      appId,
      id: textAt(mapping, "id"),
      sourceGroupId: textAt(mapping, "sourceGroupId"),
      status: textAt(mapping, "status"),
    }));
    return { appId, id: appId, mappings };
  };
