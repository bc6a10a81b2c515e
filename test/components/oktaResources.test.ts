import { describe, expect, it } from "vitest";
import { shardOf } from "../../components/oktaIntegration/groupRules.ts";
import { allFeatures } from "./org.ts";
import { runProgram, type Registration } from "./registrations.ts";

const external = {
  kind: "external",
  baseUrl: "https://accuhive.api.kandji.io/api/v1/scim",
  token: "their-t0ken",
};
const plain = { protect: false, retainOnDelete: false, deleteBeforeReplace: false, ignoreChanges: [] as string[] };
const inComponent = { ...plain, parent: "acme", adoptsFromRoot: true };

const consoleFields = [
  ...["accessibilitySelfService", "adminNote", "appLinksJson", "appSettingsJson", "autoSubmitToolbar", "enduserNote"],
  ...["features", "logo", "userNameTemplateSuffix"],
];
const common = {
  label: "Iru Endpoint SCIM",
  hideWeb: true,
  hideIos: true,
  userNameTemplate: "${source.login}",
  userNameTemplateType: "BUILT_IN",
};

const samlApp: Registration = {
  ...inComponent,
  type: "okta:app/saml:Saml",
  name: "acme-app",
  inputs: {
    ...common,
    ssoUrl: "https://scim-only.invalid/",
    recipient: "https://scim-only.invalid/",
    destination: "https://scim-only.invalid/",
    audience: "https://scim-only.invalid/",
    subjectNameIdTemplate: "${user.userName}",
    subjectNameIdFormat: "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
    responseSigned: true,
    assertionSigned: true,
    signatureAlgorithm: "RSA_SHA256",
    digestAlgorithm: "SHA256",
    authnContextClassRef: "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
    honorForceAuthn: true,
    skipAuthenticationPolicy: true,
  },
  after: [],
  protect: true,
  ignoreChanges: [
    ...consoleFields,
    ...["acsEndpoints", "attributeStatements", "authenticationPolicy", "defaultRelayState", "inlineHookId"],
    ...["keyName", "keyYearsValid"],
  ],
};
const catalogueApp: Registration = {
  ...inComponent,
  type: "okta:app/autoLogin:AutoLogin",
  name: "acme-app",
  inputs: { ...common, preconfiguredApp: "scim2headerauth", credentialsScheme: "EXTERNAL_PASSWORD_SYNC" },
  after: [],
  protect: true,
  ignoreChanges: consoleFields,
};
const assignmentGroup: Registration = {
  ...inComponent,
  type: "okta:group/group:Group",
  name: "acme-assignment-group",
  inputs: { name: "iru_endpoint_users", description: "People provisioned to the SCIM directory of acme" },
  after: [],
  protect: true,
  ignoreChanges: ["description"],
};
const assignment = (appId: string): Registration => ({
  ...inComponent,
  type: "okta:app/groupAssignment:GroupAssignment",
  name: "acme-assignment",
  inputs: { appId, groupId: "acme-assignment-group-id" },
  after: ["acme-app", "acme-assignment-group"],
  protect: true,
  deleteBeforeReplace: true,
});
const rule = (key: string, about: string, ids: readonly string[]): Registration => ({
  ...inComponent,
  type: "okta:group/rule:Rule",
  name: `acme-rule-${key}`,
  inputs: {
    name: `acme: ${about} > iru_endpoint_users`,
    status: "ACTIVE",
    groupAssignments: ["acme-assignment-group-id"],
    expressionType: "urn:okta:expression:1.0",
    expressionValue: `isMemberOfAnyGroup(${ids.map((id) => `"${id}"`).join(", ")})`,
    removeAssignedUsers: false,
  },
  after: ["acme-assignment", "acme-assignment-group"],
  deleteBeforeReplace: true,
});
const push = (appId: string, groupId: string, rule: string | undefined, inputs = {}): Registration => ({
  ...inComponent,
  type: "okta:index/pushGroup:PushGroup",
  name: `acme-push-${groupId}`,
  inputs: { appId, sourceGroupId: groupId, status: "ACTIVE", deleteTargetGroupOnDestroy: true, ...inputs },
  after: ["acme-app", "acme-assignment", ...(rule === undefined ? [] : [rule])],
  deleteBeforeReplace: true,
});

const byName = (resources: readonly Registration[]): Registration[] =>
  [...resources].sort((a, b) => (a.name < b.name ? -1 : 1));
const oktaOf = (resources: readonly Registration[]): Registration[] =>
  byName(resources.filter(({ type }) => type.startsWith("okta:")));

const teamIds = Array.from({ length: 60 }, (_, index) => `00gTeam${index}`);
const selections = [
  {
    title: "one group",
    pushGroups: ["Developers"] as unknown[],
    groups: ["00gDevelopers"],
    rules: [rule("00gDevelopers", "Developers", ["00gDevelopers"])],
    ruleOf: (id: string) => `acme-rule-${id}`,
  },
  {
    title: "sixty groups, each by name",
    pushGroups: teamIds.map((_, index) => `Team ${index}`) as unknown[],
    groups: teamIds,
    rules: teamIds.map((id, index) => rule(id, `Team ${index}`, [id])),
    ruleOf: (id: string) => `acme-rule-${id}`,
  },
  {
    title: "sixty groups by one pattern",
    pushGroups: [{ startsWith: "team " }] as unknown[],
    groups: teamIds,
    rules: [0, 1, 2, 3, 4, 5, 6, 7].map((shard) =>
      rule(`team *-${shard + 1}`, `team * ${shard + 1}/8`, teamIds.filter((id) => shardOf(id) === shard).sort()),
    ),
    ruleOf: (id: string) => `acme-rule-team *-${shardOf(id) + 1}`,
  },
];

describe.each([
  { template: "saml", app: samlApp, appId: "0oaSaml", asks: "okta:app/getSaml:getSaml" },
  { template: "scim2headerauth", app: catalogueApp, appId: "0oaCatalogue", asks: "okta:index/getApps:getApps" },
])("an app of the template $template", ({ template, app, appId, asks }) => {
  describe.each([{ endpoint: { kind: "managed" } }, { endpoint: external }])(
    "with the endpoint $endpoint.kind",
    ({ endpoint }) => {
      it.each(selections)(
        "declares no more than app and assignment group while pending: $title",
        async ({ pushGroups }) => {
          const program = await runProgram({ app: { template }, endpoint, pushGroups, connection: "pending" });
          expect(oktaOf(program.registrations)).toEqual(byName([app, assignmentGroup]));
          expect(program.invokes).not.toContain(asks);
        },
      );

      it.each(selections)(
        "assigns, fills and pushes once ready: $title",
        async ({ pushGroups, groups, rules, ruleOf }) => {
          const program = await runProgram(
            { app: { template }, endpoint, pushGroups, connection: "ready" },
            allFeatures,
          );
          expect(oktaOf(program.registrations)).toEqual(
            byName([
              app,
              assignmentGroup,
              assignment(appId),
              ...rules,
              ...groups.map((id) => push(appId, id, ruleOf(id))),
            ]),
          );
          expect(program.invokes).toContain(asks);
          for (const { inputs } of rules) expect(String(inputs["name"]).length).toBeLessThanOrEqual(50);
        },
      );

      it("is parented by a component that outlives nothing the service needs", async () => {
        const { registrations } = await runProgram({ app: { template }, endpoint, connection: "pending" });
        const component = registrations.find(({ type }) => type.endsWith(":OktaIntegration"));
        const aws = registrations.filter(({ type }) => type.startsWith("aws:")).map(({ name }) => name);
        if (endpoint.kind === "external") {
          expect(registrations.filter(({ type }) => !type.startsWith("okta"))).toEqual([]);
          expect(component?.after).toEqual([]);
        } else {
          // The engine deletes what waits for a resource before the resource: Okta first, AWS last.
          expect(aws.length).toBeGreaterThan(5);
          expect(component?.after).toEqual(expect.arrayContaining(["acme-api", "acme-function", "acme-directory"]));
        }
      });
    },
  );
});

/** The Okta half alone, which needs no function to be bundled. */
const runOkta: typeof runProgram = (config, features) => runProgram({ endpoint: external, ...config }, features);

describe("options of single resources", () => {
  it("protects nothing in development", async () => {
    const { registrations } = await runOkta({ stage: "development", pushGroups: ["Developers"] });
    expect(oktaOf(registrations)).toEqual(
      byName([
        { ...samlApp, protect: false },
        { ...assignmentGroup, protect: false },
      ]),
    );
  });

  it("keeps a pushed group that the stack made when production pushes it no more, and lets it go in development", async () => {
    for (const [stage, retainOnDelete] of [
      ["production", true],
      ["development", false],
    ] as const) {
      const config = { stage, connection: "ready", pushGroups: [{ name: "Brand new", create: true }] };
      const { registrations } = await runOkta(config, allFeatures);
      expect(registrations.find(({ name }) => name === "acme-group-Brand new")).toEqual({
        ...inComponent,
        type: "okta:group/group:Group",
        name: "acme-group-Brand new",
        inputs: { name: "Brand new", description: "Pushed to the SCIM directory of acme" },
        after: [],
        retainOnDelete,
        ignoreChanges: ["description"],
      });
      expect(registrations.find(({ name }) => name === "acme-push-Brand new")).toMatchObject({
        inputs: { sourceGroupId: "acme-group-Brand new-id" },
        after: expect.arrayContaining(["acme-group-Brand new", "acme-rule-Brand new"]) as string[],
      });
    }
  });

  it("maps the retained attributes alone, before anyone is assigned, and leaves the mapping in place afterwards", async () => {
    const attributes = [
      "userName",
      "name.givenName",
      "title",
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
    ];
    const config = { attributes, attributeMapping: true, connection: "ready", pushGroups: ["Developers"] };
    const { registrations } = await runOkta(config, allFeatures);
    expect(registrations.find(({ type }) => type === "okta:profile/mapping:Mapping")).toEqual({
      ...inComponent,
      type: "okta:profile/mapping:Mapping",
      name: "acme-mapping",
      inputs: {
        sourceId: "otyUser",
        targetId: "0oaSaml",
        deleteWhenAbsent: false,
        mappings: [
          { id: "givenName", expression: "user.firstName", pushStatus: "PUSH" },
          { id: "title", expression: "user.title", pushStatus: "PUSH" },
          { id: "department", expression: "user.department", pushStatus: "PUSH" },
        ],
      },
      after: ["acme-app"],
      retainOnDelete: true,
    });
    expect(registrations.find(({ name }) => name === "acme-assignment")?.after).toContain("acme-mapping");
  });

  it("has no mapping while the console step is not done, nor unless asked", async () => {
    const pending = await runOkta({ attributeMapping: true, connection: "pending" });
    const off = await runOkta({ connection: "ready" }, allFeatures);
    for (const { registrations } of [pending, off]) {
      expect(registrations.map(({ type }) => type)).not.toContain("okta:profile/mapping:Mapping");
    }
  });

  it("makes no rule when the assignment group is filled by other means", async () => {
    const config = { groupRules: "none", connection: "ready", pushGroups: ["Developers"] };
    const { registrations } = await runOkta(config, allFeatures);
    expect(oktaOf(registrations)).toEqual(
      byName([samlApp, assignmentGroup, assignment("0oaSaml"), push("0oaSaml", "00gDevelopers", undefined)]),
    );
  });

  it("pauses, renames and keeps what the entry says", async () => {
    const pushGroups = [{ name: "Finance", targetName: "Money", keepTargetOnDelete: true, status: "INACTIVE" }];
    const { registrations, outputs } = await runOkta({ connection: "ready", pushGroups }, allFeatures);
    expect(registrations.find(({ type }) => type === "okta:index/pushGroup:PushGroup")).toEqual(
      push("0oaSaml", "00gFinance", "acme-rule-00gFinance", {
        targetGroupName: "Money",
        status: "INACTIVE",
        deleteTargetGroupOnDestroy: false,
      }),
    );
    expect(outputs["pushGroups"]).toEqual({
      Finance: { sourceGroupId: "00gFinance", mappingId: "acme-push-00gFinance-id", status: "INACTIVE" },
    });
  });

  it.each([
    ["${source.email}", { userNameTemplateType: "BUILT_IN" }],
    ["${source.login}.acme", { userNameTemplateType: "CUSTOM", userNameTemplatePushStatus: "PUSH" }],
    ["user.employeeNumber", { userNameTemplateType: "CUSTOM", userNameTemplatePushStatus: "PUSH" }],
  ])("takes the userName from %s", async (userNameTemplate, expected) => {
    const { registrations } = await runOkta({ app: { userNameTemplate } });
    const { userNameTemplateType: _builtIn, ...others } = samlApp.inputs;
    expect(registrations.find(({ name }) => name === "acme-app")?.inputs).toEqual({
      ...others,
      userNameTemplate,
      ...expected,
    });
  });

  it("pushes two groups of one name that go by two names in the directory, told apart by their ids", async () => {
    const pushGroups = [{ id: "00gTwinA" }, { id: "00gTwinB", targetName: "Other twin" }];
    const { registrations, outputs } = await runOkta({ connection: "ready", pushGroups }, allFeatures);
    expect(Object.keys(outputs["pushGroups"] as object)).toEqual(["Twin (00gTwinA)", "Twin (00gTwinB)"]);
    const names = registrations.filter(({ type }) => type.endsWith(":Rule")).map(({ inputs }) => inputs["name"]);
    expect(new Set(names).size).toBe(2);
  });
});

describe("the token of an external endpoint", () => {
  it("is secret in the outputs and in no input of a resource", async () => {
    const config = { endpoint: external, connection: "ready", pushGroups: ["Developers"] };
    const { registrations, outputs, secretOutputs } = await runOkta(config, allFeatures);
    expect(outputs).toMatchObject({
      scimBaseUrl: "https://accuhive.api.kandji.io/api/v1/scim",
      scimToken: "their-t0ken",
      scimAuthorization: "Bearer their-t0ken",
    });
    expect(secretOutputs).toEqual(["scimToken", "scimAuthorization"].filter((name) => name in outputs));
    expect(JSON.stringify(registrations)).not.toContain("their-t0ken");
  });
});
