import { readFile, readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { describe, expect, test } from "vitest";
import { withGenerated } from "../../../components/config/reference.ts";
import { documents, roleTable } from "../../../operations/roles/documents.ts";
import type { Grant } from "../../../operations/roles/grants.ts";
import { rows } from "../../../operations/roles/rows.ts";
import { noEscalationInIam, noWildcardInIam } from "../../../policy/iam/policies.ts";
import { roleTrust } from "../../../policy/iam/trust.ts";
import { noPublicResourcePolicy } from "../../../policy/aws/resourcePolicies.ts";
import { matches, sample } from "../../support/operations/arn.ts";
import { resourcesOfAction } from "../../support/operations/iamActions.ts";

const path = (name: string): string => fileURLToPath(new URL(`../../../${name}`, import.meta.url));
const formatted = async (text: string, file: string): Promise<string> =>
  format(text, { ...(await resolveConfig(file)), filepath: file });

const grants: readonly (readonly [string, Grant])[] = Object.values(rows).flatMap(({ read, write }) => [
  ...Object.entries(read),
  ...Object.entries(write),
]);

const meet = (one: string, other: string): boolean => matches(one, sample(other)) || matches(other, sample(one));

const asList = (value: unknown): string[] => (Array.isArray(value) ? value : [value]).map(String);

/** Whether a document allows an action on an ARN; conditions are not judged. */
const allows = (name: string, action: string, arn: string): boolean =>
  (documents[name]?.Statement ?? []).some(
    ({ Action, Resource }) => asList(Action).includes(action) && asList(Resource).some((one) => matches(one, arn)),
  );

describe("the rights of the roles", () => {
  test.each(grants.map(([sid, grant]) => ({ sid, grant })))("$sid is what AWS checks", ({ sid, grant }) => {
    expect(sid).toMatch(/^[A-Za-z0-9]+$/);
    for (const action of grant.actions) {
      expect(action).not.toMatch(/[*?]/);
      const arns = resourcesOfAction[action];
      if (arns === undefined) throw new Error(`add ${action} and its ARNs to test/support/operations/iamActions.ts`);
      // The resource `*` stands exactly where AWS has no resource for the action.
      expect({ action, onAll: sid.endsWith("OnAll") }).toEqual({ action, onAll: arns.length === 0 });
      expect(grant.resources.includes("*")).toBe(arns.length === 0);
      if (arns.length > 0) expect(arns.some((arn) => grant.resources.some((own) => meet(own, arn)))).toBe(true);
    }
    for (const resource of grant.resources.filter((arn) => arn !== "*")) {
      const checked = grant.actions.flatMap((action) => resourcesOfAction[action] ?? []);
      expect(
        checked.some((arn) => meet(arn, resource)),
        resource,
      ).toBe(true);
    }
  });

  test("every statement has a name of its own", () => {
    const names = grants.map(([sid]) => sid);
    expect(new Set(names).size).toBe(names.length);
  });

  test("a role is passed to Lambda alone, and the service-linked role is API Gateway's", () => {
    const { Statement } = documents["deploy.json"] ?? { Statement: [] };
    const conditions = Statement.filter(({ Action }) => /PassRole|ServiceLinked/.test(String(Action)));
    expect(conditions.map(({ Action, Condition }) => ({ Action, Condition }))).toEqual([
      { Action: "iam:PassRole", Condition: { StringEquals: { "iam:PassedToService": "lambda.amazonaws.com" } } },
      {
        Action: "iam:CreateServiceLinkedRole",
        Condition: { StringEquals: { "iam:AWSServiceName": "ops.apigateway.amazonaws.com" } },
      },
    ]);
  });
});

describe("the policies", () => {
  test("allow what the rows say: preview reads, and deploy writes", () => {
    for (const { read, write } of Object.values(rows)) {
      for (const [access, file] of [
        [read, "preview.json"],
        [write, "deploy.json"],
      ] as const) {
        for (const { actions, resources } of Object.values(access)) {
          for (const action of actions)
            for (const arn of resources) expect(allows(file, action, sample(arn))).toBe(true);
        }
      }
    }
  });

  test("of preview change nothing: neither a resource nor the state", () => {
    const actions = (documents["preview.json"]?.Statement ?? []).flatMap(({ Action }) => asList(Action));
    expect(actions.filter((action) => !/:(Get|Describe|List|GET)/.test(action))).toEqual([]);
    expect(actions).not.toContain("kms:Decrypt");
  });

  test.each(Object.keys(documents))("%s fits into a managed policy of 6,144 characters", (name) => {
    expect(JSON.stringify(documents[name]).replace(/\s/g, "").length).toBeLessThanOrEqual(6144);
  });

  test("of the key let preview decrypt nothing, and the administrator use nothing", () => {
    const { Statement } = documents["secrets-key.json"] ?? { Statement: [] };
    const users = Statement.filter(({ Action }) => asList(Action).includes("kms:Decrypt"));
    expect(users.flatMap(({ Principal }) => asList(Principal?.["AWS"]))).toEqual(
      ["STACK_CREATOR", "DEPLOY_ROLE", "DRIFT_ROLE"].map((name) => `arn:aws:iam::ACCOUNT:role/${name}`),
    );
  });

  test("keep the rules of the policy pack, except those that no role can keep that creates functions", () => {
    const resource = (type: string, props: Readonly<Record<string, unknown>>) => ({
      ...{ type, name: "it", urn: "urn:it", protect: false, props },
    });
    const filled = (name: string): unknown =>
      JSON.parse(JSON.stringify(documents[name]).replaceAll("ACCOUNT", "111122223333"));
    expect(roleTrust.check(resource("aws:iam/role:Role", { assumeRolePolicy: filled("trust.json") }))).toEqual([]);
    expect(noPublicResourcePolicy.check(resource("aws:kms/key:Key", { policy: filled("secrets-key.json") }))).toEqual(
      [],
    );
    for (const name of ["preview.json", "deploy.json"]) {
      const policy = resource("aws:iam/policy:Policy", { policy: filled(name) });
      expect(noWildcardInIam.check(policy).filter((message) => !message.startsWith("policy: the resource"))).toEqual(
        [],
      );
      const handedOn = noEscalationInIam.check(policy).map((message) => /action (\S+)/.exec(message)?.[1] ?? message);
      expect(handedOn.filter((action) => !/^iam:/.test(action))).toEqual([]);
    }
  });
});

describe("npm run generate writes", () => {
  test.each(Object.keys(documents))("docs/policies/%s", async (name) => {
    const file = path(`docs/policies/${name}`);
    await expect(await formatted(JSON.stringify(documents[name], undefined, 2), file)).toMatchFileSnapshot(file);
  });

  test("no other file there", async () => {
    expect((await readdir(path("docs/policies"))).sort()).toEqual(Object.keys(documents).sort());
  });

  test("the table of docs/roles.md", async () => {
    const file = path("docs/roles.md");
    const page = withGenerated(await readFile(file, "utf8"), `\n${roleTable()}\n\n`, (text) => `<!-- ${text} -->`);
    await expect(await formatted(page, file)).toMatchFileSnapshot(file);
  });
});
