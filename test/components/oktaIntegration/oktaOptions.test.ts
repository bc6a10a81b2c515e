import { describe, expect, it } from "vitest";
import { allFeatures } from "../../support/components/org.ts";
import { runProgram } from "../../support/components/registrations.ts";
import {
  assignment,
  assignmentGroup,
  byName,
  external,
  inComponent,
  oktaOf,
  push,
  samlApp,
} from "../../support/components/oktaIntegration/okta.ts";

/** Only the Okta half, which needs no bundled function. */
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

  it("keeps a group that the stack created after its push ends in production, and deletes it in development", async () => {
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

  it("maps only the retained attributes, before anyone is assigned, and leaves the mapping in place afterwards", async () => {
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

  it("has no mapping before the console step, and none by default", async () => {
    const pending = await runOkta({ attributeMapping: true, connection: "pending" });
    const off = await runOkta({ connection: "ready" }, allFeatures);
    for (const { registrations } of [pending, off]) {
      expect(registrations.map(({ type }) => type)).not.toContain("okta:profile/mapping:Mapping");
    }
  });

  it("creates no rule if groupRules is none", async () => {
    const config = { groupRules: "none", connection: "ready", pushGroups: ["Developers"] };
    const { registrations } = await runOkta(config, allFeatures);
    expect(oktaOf(registrations)).toEqual(
      byName([samlApp, assignmentGroup, assignment("0oaSaml"), push("0oaSaml", "00gDevelopers", undefined)]),
    );
  });

  it("pauses, renames and keeps groups as the entry says", async () => {
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

  it("pushes two groups with the same name under different names, distinguished by their ids", async () => {
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
