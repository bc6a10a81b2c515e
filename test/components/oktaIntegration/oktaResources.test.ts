import { describe, expect, it } from "vitest";
import { shardOf } from "../../../components/oktaIntegration/groupRules.ts";
import { allFeatures } from "../../support/components/org.ts";
import { runProgram } from "../../support/components/registrations.ts";
import {
  assignment,
  assignmentGroup,
  byName,
  catalogueApp,
  external,
  inTurn,
  marked,
  oktaOf,
  push,
  rule,
  samlApp,
} from "../../support/components/oktaIntegration/okta.ts";

const teamIds = Array.from({ length: 60 }, (_, index) => `00gTeam${index}`);
const selections = [
  {
    title: "one group",
    pushGroups: ["Developers"] as unknown[],
    groups: ["00gDevelopers"],
    rules: [rule("00gDevelopers", marked("Developers", "00gDevelopers"), ["00gDevelopers"])],
  },
  {
    title: "sixty groups, each by name",
    pushGroups: teamIds.map((_, index) => `Team ${index}`) as unknown[],
    groups: teamIds,
    rules: inTurn(teamIds.map((id, index) => rule(id, marked(`Team ${index}`, id), [id]))),
  },
  {
    title: "sixty groups by one pattern",
    pushGroups: [{ startsWith: "team " }] as unknown[],
    groups: teamIds,
    rules: inTurn(
      [...new Set(teamIds.map(shardOf))].map((shard) =>
        rule(`team *-${shard + 1}`, `team * ${shard + 1}/8`, teamIds.filter((id) => shardOf(id) === shard).sort()),
      ),
    ),
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
        "declares only the app and the assignment group while pending: $title",
        async ({ pushGroups }) => {
          const program = await runProgram({ app: { template }, endpoint, pushGroups, connection: "pending" });
          expect(oktaOf(program.registrations)).toEqual(byName([app, assignmentGroup]));
          expect(program.invokes).not.toContain(asks);
        },
      );

      it.each(selections)("assigns, fills and pushes once ready: $title", async ({ pushGroups, groups, rules }) => {
        const program = await runProgram({ app: { template }, endpoint, pushGroups, connection: "ready" }, allFeatures);
        expect(oktaOf(program.registrations)).toEqual(
          byName([
            app,
            assignmentGroup,
            assignment(appId),
            ...rules,
            ...groups.map((id) => push(appId, id, rules.at(-1)?.name)),
          ]),
        );
        expect(program.invokes).toContain(asks);
        for (const { inputs } of rules) expect(String(inputs["name"]).length).toBeLessThanOrEqual(50);
      });

      it("has a component as parent, and is deleted before the service", async () => {
        const { registrations } = await runProgram({ app: { template }, endpoint, connection: "pending" });
        const component = registrations.find(({ type }) => type.endsWith(":OktaIntegration"));
        const aws = registrations.filter(({ type }) => type.startsWith("aws:")).map(({ name }) => name);
        if (endpoint.kind === "external") {
          expect(registrations.filter(({ type }) => !type.startsWith("okta"))).toEqual([]);
          expect(component?.after).toEqual([]);
        } else {
          // The engine deletes dependent resources first: Okta first, AWS last.
          expect(aws.length).toBeGreaterThan(5);
          expect(component?.after).toEqual(expect.arrayContaining(["acme-api", "acme-function", "acme-directory"]));
        }
      });
    },
  );
});
