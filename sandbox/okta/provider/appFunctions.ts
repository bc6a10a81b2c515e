import type { Properties } from "../../engine/provider.ts";
import type { OktaClient } from "./client.ts";
import { commonOutputs } from "./appBody.ts";
import { at, flag, optionalText, refuseTogether, text, textAt } from "./values.ts";

interface AppSearch {
  readonly label: string | undefined;
  readonly prefix: string | undefined;
  readonly query: Readonly<Record<string, string>>;
}

async function findApps(client: OktaClient, { label, prefix, query }: AppSearch): Promise<unknown[]> {
  const apps = await client.list(`/api/v1/apps?${new URLSearchParams({ limit: "200", ...query }).toString()}`);
  return apps.filter(
    (app) =>
      (label === undefined || textAt(app, "label") === label) &&
      (prefix === undefined || textAt(app, "label").startsWith(prefix)),
  );
}

/** `getSaml` searches for a label by `filter`, for the start of a label by `q`, and by default only for active apps. */
async function findSaml(client: OktaClient, args: Properties): Promise<unknown> {
  const label = optionalText(args, "label");
  const prefix = optionalText(args, "labelPrefix");
  const query: Record<string, string> =
    label === undefined ? { q: prefix ?? "" } : { filter: `label eq ${JSON.stringify(label)}` };
  const found = await findApps(client, { label, prefix, query });
  return found.find((app) => !flag(args, "activeOnly", true) || textAt(app, "status") === "ACTIVE");
}

/** `okta.app.getSaml` by `id`, `label` or `labelPrefix`. Its `features` are the app's features at this moment. */
export const getSaml =
  (client: OktaClient) =>
  async (args: Properties): Promise<Properties> => {
    refuseTogether(args, "id", ["label", "labelPrefix"]);
    const id = optionalText(args, "id");
    if (
      id === undefined &&
      optionalText(args, "label") === undefined &&
      optionalText(args, "labelPrefix") === undefined
    ) {
      throw new Error("you must provide either a label_prefix, id, or label for application search");
    }
    const app = id === undefined ? await findSaml(client, args) : await client.find(`/api/v1/apps/${id}`);
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

/** `okta.getApps`: each app with its `features`, including inactive ones unless `activeOnly` is set. */
export const getApps =
  (client: OktaClient) =>
  async (args: Properties): Promise<Properties> => {
    const label = optionalText(args, "label");
    const prefix = optionalText(args, "labelPrefix");
    const q = optionalText(args, "q") ?? label ?? prefix;
    const apps = await findApps(client, {
      label,
      prefix,
      query: {
        ...(q === undefined ? {} : { q }),
        ...(flag(args, "activeOnly") ? { filter: `status eq "ACTIVE"` } : {}),
      },
    });
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
