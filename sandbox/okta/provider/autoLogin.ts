import type { Properties, ResourceHandler } from "../../engine/provider.ts";
import { commonBody, commonOutputs, deleteApp, setAppStatus } from "./appBody.ts";
import type { OktaClient } from "./client.ts";
import { asRecord, optionalText, textAt } from "./values.ts";

function autoLoginBody(inputs: Properties): Properties {
  const common = commonBody(inputs);
  const named = optionalText(inputs, "preconfiguredApp");
  const scheme = optionalText(inputs, "credentialsScheme");
  return {
    ...common,
    ...(named === undefined ? {} : { name: named }),
    signOnMode: "AUTO_LOGIN",
    credentials: { ...asRecord(common["credentials"]), ...(scheme === undefined ? {} : { scheme }) },
  };
}

async function readAutoLogin(client: OktaClient, id: string): Promise<Properties | undefined> {
  const app = await client.find(`/api/v1/apps/${id}`);
  if (app === undefined) return undefined;
  const { features: _readThroughGetApps, ...outputs } = commonOutputs(app);
  return outputs;
}

/** `okta.app.AutoLogin`: with `preconfiguredApp`, an app of Okta's catalogue such as `scim2headerauth`. */
export const autoLoginHandler = (client: OktaClient): ResourceHandler => ({
  computed: ["logoUrl", "name", "signOnMode"],
  replaces: ["preconfiguredApp"],
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
  update: async (id, state, inputs) => {
    await setAppStatus(client, id, state, inputs);
    await client.call("PUT", `/api/v1/apps/${id}`, { ...autoLoginBody(inputs), name: state["name"] });
    return { ...inputs, logoUrl: "", ...(await readAutoLogin(client, id)) };
  },
  delete: (id) => deleteApp(client, id),
});
