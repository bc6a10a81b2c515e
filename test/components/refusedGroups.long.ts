import { describe, expect, it } from "vitest";
import { createRecorder, errorOf } from "../support/components/support.ts";

const endpoint = { kind: "external", baseUrl: "https://accuhive.api.kandji.io/api/v1/scim", token: "their-token" };

describe("groups to push, refused at preview", () => {
  it("all unusable groups together: unknown, ambiguous, from an app, the assignment group by its id", async () => {
    const message = await errorOf(
      createRecorder().preview({
        assignmentGroup: "Finance",
        pushGroups: ["Nobody knows me", "Twin", "Workday people", { id: "00gFinance" }, { contains: "every" }],
      }),
    );
    expect(message).toContain('pushGroups[0]: no group "Nobody knows me" exists in the Okta org');
    expect(message).toContain('pushGroups[1]: 2 groups of the org are named "Twin" (00gTwinA, 00gTwinB)');
    expect(message).toContain('pushGroups[2]: "Workday people" comes from an app');
    expect(message).toContain('pushGroups[3]: "Finance" is the assignment group too');
    expect(message.split("\n")).toHaveLength(5);
  });

  it("every pushed group that was deleted, as deleted and with one command, although the app has groups of the names", async () => {
    const recorder = createRecorder();
    await recorder.up({ endpoint, pushGroups: ["Developers", "Finance", { id: "00gTwinA" }, "Designers"] });
    for (const id of ["00gDevelopers", "00gTwinA", "00gDesigners"])
      recorder.groups.splice(
        recorder.groups.findIndex((one) => one.id === id),
        1,
      );
    recorder.groups.push({ id: "00gOtherDevelopers", name: "Developers", type: "APP_GROUP" });
    const pushGroups = ["Developers", "Finance", { id: "00gTwinA" }, "Designers", "Workday people"];
    expect(await errorOf(recorder.preview({ endpoint, pushGroups }))).toBe(
      [
        "The groups to push are not usable (2 problems):",
        "  pushGroups[0], pushGroups[2], pushGroups[3]: the groups \"Developers\" (00gDevelopers), \"00gTwinA\", \"Designers\" (00gDesigners), which this stack pushes, were deleted in Okta; allowed: existing groups, spelled as in Okta, or {name: …, create: true}, which creates the group; fix: pulumi config rm --stack test --path 'pushGroups[3]' && pulumi config rm --stack test --path 'pushGroups[2]' && pulumi config rm --stack test --path 'pushGroups[0]'",
        "  pushGroups[4]: \"Workday people\" comes from an app (APP_GROUP), and Okta pushes its own groups only; allowed: groups of type OKTA_GROUP, such as one with the same members; fix: pulumi config rm --stack test --path 'pushGroups[4]'",
      ].join("\n"),
    );
  });

  it("two groups that would fill one group of the directory", async () => {
    const pushGroups = [{ id: "00gTwinA" }, { id: "00gTwinB" }, { name: "Finance", targetName: "twin" }];
    const message = await errorOf(createRecorder().preview({ endpoint, pushGroups }));
    expect(message).toContain('pushGroups[1]: would fill the group "Twin" of the directory, which pushGroups[0] fills');
    expect(message).toContain('pushGroups[2]: would fill the group "twin" of the directory');
  });

  it("a group that a name and a pattern both mean", async () => {
    const message = await errorOf(
      createRecorder().preview({ endpoint, pushGroups: ["Developers", { startsWith: "dev" }] }),
    );
    expect(message).toContain('pushGroups[1]: selects the group "Developers", which pushGroups[0] pushes already');
  });

  it("a group that is both assigned and pushed", async () => {
    const message = await errorOf(createRecorder().preview({ pushGroups: ["iru_endpoint_users"] }));
    expect(message).toContain("Okta does not support the same group for assignment and for group push");
  });
});
