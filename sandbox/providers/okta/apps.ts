import { z } from "zod";
import type { Properties, Provider, ResourceHandler } from "../provider.ts";
import type { OktaClient } from "./client.ts";

const app = z.object({
  id: z.string(),
  name: z.string(),
  label: z.string(),
  status: z.string(),
  features: z.array(z.string()).nullish(),
});
type AppAnswer = z.infer<typeof app>;

const outputsOf = (answer: AppAnswer, signOnMode: string): Properties => ({
  name: answer.name,
  label: answer.label,
  status: answer.status,
  features: answer.features ?? [],
  signOnMode,
});

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** The body that both kinds of app share (recorded requests of the real provider). */
const commonBody = (inputs: Properties): Record<string, unknown> => ({
  label: inputs["label"],
  accessibility: { selfService: inputs["accessibilitySelfService"] ?? false },
  credentials: {
    userNameTemplate: {
      template: inputs["userNameTemplate"] ?? "${source.login}",
      type: inputs["userNameTemplateType"] ?? "BUILT_IN",
    },
  },
  visibility: {
    autoSubmitToolbar: inputs["autoSubmitToolbar"] ?? false,
    hide: { iOS: inputs["hideIos"] ?? false, web: inputs["hideWeb"] ?? false },
  },
});

const samlBody = (inputs: Properties): Record<string, unknown> => ({
  ...commonBody(inputs),
  signOnMode: "SAML_2_0",
  settings: {
    app: {},
    implicitAssignment: inputs["implicitAssignment"] ?? false,
    signOn: {
      ssoAcsUrl: inputs["ssoUrl"],
      recipient: inputs["recipient"],
      destination: inputs["destination"],
      audience: inputs["audience"],
      subjectNameIdTemplate: inputs["subjectNameIdTemplate"],
      subjectNameIdFormat: inputs["subjectNameIdFormat"],
      responseSigned: inputs["responseSigned"] ?? false,
      assertionSigned: inputs["assertionSigned"] ?? false,
      signatureAlgorithm: inputs["signatureAlgorithm"],
      digestAlgorithm: inputs["digestAlgorithm"],
      authnContextClassRef: inputs["authnContextClassRef"],
      honorForceAuthn: inputs["honorForceAuthn"] ?? false,
      allowMultipleAcsEndpoints: false,
      attributeStatements: [],
      samlSignedRequestEnabled: false,
      slo: { enabled: false },
    },
  },
});

const autoLoginBody = (inputs: Properties): Record<string, unknown> => {
  const common = commonBody(inputs);
  return {
    ...common,
    name: inputs["preconfiguredApp"],
    signOnMode: "AUTO_LOGIN",
    credentials: {
      ...z.record(z.string(), z.unknown()).parse(common["credentials"]),
      scheme: inputs["credentialsScheme"] ?? "EDIT_USERNAME_AND_PASSWORD",
    },
    settings: { app: {} },
  };
};

function appHandler(
  client: OktaClient,
  signOnMode: string,
  bodyOf: (inputs: Properties) => Record<string, unknown>,
): ResourceHandler {
  return {
    computed: ["name", "features", "signOnMode", "status"],
    replaces: ["preconfiguredApp"],
    async create(inputs) {
      const answer = app.parse(await client.call("POST", "/apps?activate=true", bodyOf(inputs)));
      return { id: answer.id, outputs: outputsOf(answer, signOnMode) };
    },
    async read(id) {
      const answer = await client.find(`/apps/${id}`);
      return answer === undefined ? undefined : outputsOf(app.parse(answer), signOnMode);
    },
    async update(id, state, inputs) {
      const body = { ...bodyOf(inputs), name: text(state["name"]) };
      return outputsOf(app.parse(await client.call("PUT", `/apps/${id}`, body)), signOnMode);
    },
    async delete(id) {
      await client.call("POST", `/apps/${id}/lifecycle/deactivate`);
      await client.call("DELETE", `/apps/${id}`);
    },
  };
}

export const appResources = (client: OktaClient): Provider["resources"] => ({
  "okta:app/saml:Saml": appHandler(client, "SAML_2_0", samlBody),
  "okta:app/autoLogin:AutoLogin": appHandler(client, "AUTO_LOGIN", autoLoginBody),
  "okta:app/groupAssignment:GroupAssignment": {
    computed: ["priority"],
    replaces: ["appId", "groupId"],
    async create({ appId, groupId, priority, profile }) {
      const body = {
        ...(priority === undefined ? {} : { priority }),
        profile: profile === undefined ? {} : (JSON.parse(text(profile)) as unknown),
      };
      await client.call("PUT", `/apps/${text(appId)}/groups/${text(groupId)}`, body);
      return { id: text(groupId), outputs: {} };
    },
    read: async (id, state) =>
      (await client.find(`/apps/${text(state["appId"])}/groups/${id}`)) === undefined ? undefined : state,
    update: async (_id, state) => state,
    async delete(id, state) {
      await client.call("DELETE", `/apps/${text(state["appId"])}/groups/${id}`);
    },
  },
});

export const appFunctions = (client: OktaClient): Provider["functions"] => ({
  async "okta:app/getSaml:getSaml"({ id, label }) {
    if (typeof id === "string") {
      const answer = await client.find(`/apps/${id}`);
      if (answer === undefined) throw new Error(`there is no app ${id} in the Okta org`);
      return { id, ...outputsOf(app.parse(answer), "SAML_2_0") };
    }
    const found = (await client.list(`/apps?q=${encodeURIComponent(text(label))}`)).map((one) => app.parse(one));
    const match = found.find((one) => one.label === label);
    if (match === undefined) throw new Error(`there is no app ${JSON.stringify(label)} in the Okta org`);
    return { id: match.id, ...outputsOf(match, "SAML_2_0") };
  },
  async "okta:index/getApps:getApps"({ label, labelPrefix, q }) {
    const wanted = [label, labelPrefix, q].find((one) => typeof one === "string");
    const found = (
      await client.list(wanted === undefined ? "/apps" : `/apps?q=${encodeURIComponent(text(wanted))}`)
    ).map((one) => app.parse(one));
    const apps = found
      .filter((one) => label === undefined || one.label === label)
      .map((one) => ({ ...one, features: one.features ?? [] }));
    return { id: "apps", apps };
  },
});
