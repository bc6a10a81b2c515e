import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { AdoptRequest, AdoptResult } from "../../../operations/adopt/adoptApp.ts";
import { oktaTexts, readWritten } from "../../../operations/adopt/writtenFile.ts";
import { orgSettings } from "../../../operations/live/credentials.ts";
import { adoptIn, baseUrl, handMade, stops, useProject } from "../../support/operations/adopt.ts";
import type { Scene } from "../../support/sandbox/okta/scene.ts";

const project = useProject();
const path = (): string => join(project.root, "Pulumi.acme.yaml");
const write = (text: string): Promise<void> => writeFile(path(), text);

/** Adopts as the command does: the org is that of the stack's file, or else of the environment. */
async function adopt(scene: Scene, more: Partial<AdoptRequest> = {}): Promise<AdoptResult> {
  const settings = oktaTexts(await readWritten(project.root, "acme"));
  const org = orgSettings({ OKTA_ORG_NAME: "other", OKTA_BASE_URL: "oktapreview.com" }, settings);
  return adoptIn(project.root, scene, { org, write: true, ...more });
}

const begun = `# The customer's own org.
secretsprovider: awskms://alias/tenants
config:
  okta:orgName: acme # of acme.oktapreview.com
  okta:httpProxy: https://proxy.acme.example
  okta:apiToken:
    secure: v1:abc
  tenant: acme-corp
  aws:profile: acme
  okta-scim-directory:endpoint:
    kind: external
    token:
      secure: v1:def
`;

describe("adopt of a stack that has a file already", () => {
  it("keeps every key, comment and secret of it, and adds the missing ones", async () => {
    await write(begun);
    const result = await adopt(await handMade());
    expect(stops(result)).toEqual([]);
    expect(result.written).toEqual(["Pulumi.acme.yaml", "Pulumi.acme.import.json"]);
    expect(await readFile(path(), "utf8")).toBe(`${begun}    baseUrl: ${baseUrl}
  okta:baseUrl: oktapreview.com
  okta-scim-directory:connection: ready
  okta-scim-directory:assignmentGroup: directory-users
  okta-scim-directory:pushGroups:
    - name: Team
      keepTargetOnDelete: true
`);
    // The resources have the tenant's name that the file gives, and the token is set already.
    expect(await readFile(join(project.root, "Pulumi.acme.import.json"), "utf8")).toContain('"acme-corp-app"');
    expect(result.commands.filter((command) => command.includes("--secret"))).toEqual([]);
    const text = result.lines.join("\n");
    expect(text).toContain("Missing in Pulumi.acme.yaml, where every other key stays\n  config:\n");
    expect(text).not.toMatch(/v1:abc|proxy\.acme/);
  });

  it("changes nothing in a file that has everything", async () => {
    await write(begun);
    const scene = await handMade();
    await adopt(scene);
    const complete = await readFile(path(), "utf8");
    const again = await adopt(scene);
    expect(again.lines.join("\n")).toContain("where every other key stays\n  nothing\n");
    expect(await readFile(path(), "utf8")).toBe(complete);
  });

  it("takes the base URL and the assignment group from it, and adds to one without keys", async () => {
    await write("config:\n");
    const scene = await handMade();
    const extra = await scene.group("Another");
    await scene.org.api("PUT", `/apps/${scene.appId}/groups/${extra}`, {});
    await adopt(scene, { assignmentGroup: "Another" });
    expect(await readFile(path(), "utf8")).toMatch(/^config:\n {2}okta:orgName: other\n/);
    const again = await adopt(scene, { baseUrl: undefined });
    expect(stops(again)).toEqual([]);
    expect(again.commands.join("\n")).not.toContain("endpoint.baseUrl");
  });

  it("stops at a value that is not the integration's, with the command that takes it over, and writes nothing", async () => {
    const file = `config:\n  okta:orgName: acme\n  connection: pending\n  pushGroups: [Staff]\n  app:\n    label: &name Acme\n`;
    await write(file);
    const result = await adopt(await handMade());
    expect(result.adoption.obstacles.filter((obstacle) => obstacle.stops)).toEqual([
      {
        what: 'Pulumi.acme.yaml has another value of connection than the integration, which has "ready"',
        wayOut: "run pulumi config set --stack acme connection ready, or remove the key, and run adopt again",
        stops: true,
      },
      {
        what: 'Pulumi.acme.yaml has another value of pushGroups than the integration, which has [{"name":"Team","keepTargetOnDelete":true}]',
        wayOut: "write that value in Pulumi.acme.yaml, or remove the key, and run adopt again",
        stops: true,
      },
    ]);
    expect([result.ok, result.written, await readFile(path(), "utf8")]).toEqual([false, [], file]);
  });

  it.each([
    ["an example", "# Example\nconfig: {}\n", "Pulumi.acme.yaml exists already, as an example"],
    ["no stack file", "config: [1]\n", "Pulumi.acme.yaml is not a stack file"],
    [
      "one whose endpoint comes from an anchor",
      "config:\n  a:b: &all { kind: external }\n  okta-scim-directory:endpoint: *all\n",
      "the missing keys cannot be added to Pulumi.acme.yaml as it is written",
    ],
  ])("refuses %s and leaves it", async (_, file, message) => {
    await write(file);
    await expect(adopt(await handMade())).rejects.toThrow(message);
    expect(await readFile(path(), "utf8")).toBe(file);
    expect((await readdir(project.root)).sort()).toEqual(["Pulumi.acme.yaml", "Pulumi.yaml"]);
  });
});
