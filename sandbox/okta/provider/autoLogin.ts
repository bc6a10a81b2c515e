import type { Properties, ResourceHandler } from "../../engine/provider.ts";
import {
  commonBody,
  commonDefaults,
  commonInputs,
  commonOutputs,
  consoleOutputs,
  deleteApp,
  setAppStatus,
} from "./appBody.ts";
import type { OktaClient } from "./client.ts";
import { asRecord, importedInputs, optionalText, textAt } from "./values.ts";

const IMPORTED = [...commonInputs, "preconfiguredApp", "credentialsScheme"];

/** Fields that the provider's client also sends, with empty values. */
const EMPTY_CREDENTIALS = { revealPassword: false, password: {}, userName: "" };

function autoLoginBody(inputs: Properties, state?: Properties): Properties {
  const common = commonBody(inputs, state);
  const named = optionalText(inputs, "preconfiguredApp");
  const scheme = optionalText(inputs, "credentialsScheme");
  return {
    ...common,
    ...(named === undefined ? {} : { name: named }),
    signOnMode: "AUTO_LOGIN",
    settings: { ...asRecord(common["settings"]), signOn: {} },
    credentials: {
      ...asRecord(common["credentials"]),
      ...EMPTY_CREDENTIALS,
      ...(scheme === undefined ? {} : { scheme }),
    },
  };
}

async function readAutoLogin(client: OktaClient, id: string): Promise<Properties | undefined> {
  const app = await client.find(`/api/v1/apps/${id}`);
  if (app === undefined) return undefined;
  const { features: _readThroughGetApps, ...outputs } = commonOutputs(app);
  return outputs;
}

/**
 * `okta.app.AutoLogin` with `preconfiguredApp`: an app of Okta's catalogue such as `scim2headerauth`. A change of
 * `preconfiguredApp` is made in place and has no effect.
 */
export const autoLoginHandler = (client: OktaClient): ResourceHandler => ({
  computed: ["logoUrl", "name", "signOnMode"],
  create: async (inputs) => {
    const active = optionalText(inputs, "status") !== "INACTIVE";
    const app = await client.call("POST", `/api/v1/apps?activate=${active}`, autoLoginBody(inputs));
    const id = textAt(app, "id");
    return { id, outputs: { ...inputs, logoUrl: "", ...(await readAutoLogin(client, id)) } };
  },
  read: async (id, state) => {
    const outputs = await readAutoLogin(client, id);
    return outputs === undefined ? undefined : { ...state, ...outputs };
  },
  import: async (id) => {
    const app = await client.find(`/api/v1/apps/${id}`);
    const read = await readAutoLogin(client, id);
    if (app === undefined || read === undefined) return undefined;
    const outputs = {
      ...read,
      ...consoleOutputs(app),
      logoUrl: "",
      preconfiguredApp: read["name"],
      credentialsScheme: textAt(app, "credentials", "scheme"),
    };
    return { id, outputs, inputs: importedInputs(outputs, IMPORTED, commonDefaults) };
  },
  update: async (id, state, inputs) => {
    await setAppStatus(client, id, state, inputs);
    await client.call("PUT", `/api/v1/apps/${id}`, autoLoginBody(inputs, state));
    return { ...inputs, logoUrl: "", ...(await readAutoLogin(client, id)) };
  },
  delete: (id) => deleteApp(client, id),
});
