import { describe, expect, it } from "vitest";
import { runProgram } from "../../support/components/registrations.ts";

const byHand = { oktaHalf: "byHand" };
const pushGroups = [
  "Developers",
  { name: "Finance", targetName: "Money", create: true },
  { id: "00gABC" },
  { startsWith: "Team " },
];

describe("oktaHalf: byHand", () => {
  it("declares only the AWS half and sends no request to Okta", async () => {
    const { registrations, invokes, outputs, secretOutputs } = await runProgram({ ...byHand, pushGroups });
    const packages = new Set(registrations.map(({ type }) => type.split(":")[0]));
    expect([...packages].sort()).toEqual(["aws", "okta-scim-directory", "random"]);
    expect(registrations.map(({ type }) => type)).not.toContain("okta-scim-directory:index:OktaIntegration");
    expect(invokes.filter((token) => token.startsWith("okta:"))).toEqual([]);
    expect(outputs).toMatchObject({
      scimBaseUrl: "https://api.example.com/api/v1/scim",
      oktaAppId: null,
      assignmentGroupId: null,
      pushGroups: {},
      connection: "pending",
    });
    expect([...secretOutputs].sort()).toEqual(["scimAuthorization", "scimToken"]);
  });

  it("lists the whole article with this tenant's values, without the token", async () => {
    const { outputs } = await runProgram({
      ...byHand,
      pushGroups,
      assignmentGroup: "mdm_users",
      app: { label: "Acme MDM", userNameTemplate: "${source.email}" },
      provisioning: { deactivateUsers: false },
    });
    const steps = (outputs["nextSteps"] as string[]).join("\n");
    const order = [
      "Lifecycle Management (Advanced)",
      "Create App Integration, choose SAML 2.0",
      "App name: Acme MDM",
      "Audience URI (SP Entity ID): https://scim-only.invalid/",
      "Application username format to ${source.email}",
      `set Provisioning to SCIM (in some orgs: check "Enable SCIM provisioning")`,
      "SCIM connector base URL: https://api.example.com/api/v1/scim",
      "Push New Users, Push Profile Updates, Push Groups",
      `the value of "pulumi stack output scimToken --show-secrets --stack test"`,
      "only Create Users, Update User Attributes, Push Groups may show a checkmark",
      "enable Create Users, Update User Attributes, and save",
      "The directory stores only these: ",
      `create the group "mdm_users"`,
      `assign "mdm_users"`,
      `choose "Developers", and save`,
      `create the group "Finance"`,
      `choose "Finance", choose Create Group with the name "Money", and save`,
      "the group whose page has 00gABC in its address",
      `The group's name starts with "Team "`,
      `any of the following: "Developers", "Finance", the group whose page has 00gABC in its address. Then assign to "mdm_users"`,
      `isMemberOfGroupNameStartsWith("Team ")`,
      `"pulumi config set --stack test connection ready"`,
    ];
    expect(order.filter((part) => !steps.includes(part))).toEqual([]);
    const positions = order.map((part) => steps.indexOf(part));
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    expect(steps).not.toContain("t0ken-of");
    for (const command of steps.match(/"(pulumi|npm run) [^"]+"/g) ?? []) expect(command).toContain("--stack test");
  });

  it("leaves nothing to do once connection is ready, except what an overlap needs", async () => {
    const ready = { ...byHand, connection: "ready" };
    expect((await runProgram(ready)).outputs["nextSteps"]).toEqual([]);
    const { outputs } = await runProgram({ ...ready, tokenGeneration: 2 });
    const steps = (outputs["nextSteps"] as string[]).join("\n");
    expect(steps).toContain("Tokens 1 and 2 are accepted");
    expect(steps).toContain("Push now on the Push Groups tab");
    expect(steps).not.toContain("push-now");
  });

  it("names the catalogue app and the whole header value if the template is scim2headerauth", async () => {
    const { outputs } = await runProgram({ ...byHand, app: { template: "scim2headerauth" } });
    const steps = (outputs["nextSteps"] as string[]).join("\n");
    expect(steps).toContain(`Browse App Catalog, and add "SCIM 2.0 Test App (Header Auth)"`);
    expect(steps).toContain("scimAuthorization");
    expect(steps).not.toContain("SAML Settings");
  });
});
