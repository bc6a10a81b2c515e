import { describe, expect, it } from "vitest";
import { createDeploymentLog } from "../../../sandbox/console/deploymentLog.ts";

const urn = (name: string): string =>
  `urn:pulumi:dev::okta-scim-directory::okta-scim-directory:index:OktaIntegration$okta:group/rule:Rule::${name}`;

function begin(refresh = false) {
  let time = Date.parse("2026-11-26T10:00:00.000Z");
  const log = createDeploymentLog({ id: 3, title: "Deploy", startedBy: "page", refresh }, () => (time += 1000));
  return log;
}

describe("the log of a deployment", () => {
  it("shows the stages that wait, run and are done, and reads org and cloud only if asked", () => {
    const log = begin();
    const stages = () => log.view.stages.map(({ state }) => state);
    expect(stages()).toEqual(["waiting", "waiting"]);
    log.tell({ kind: "stage", stage: "program" });
    expect(stages()).toEqual(["running", "waiting"]);
    log.tell({ kind: "stage", stage: "provisioning" });
    expect(stages()).toEqual(["done", "running"]);
    log.end();
    expect(stages()).toEqual(["done", "done"]);
    expect(begin(true).view.stages.map(({ name }) => name)).toEqual([
      "Read org and cloud",
      "Run the program and change the resources",
      "Okta assigns people and pushes groups",
    ]);
  });

  it("shows each changed resource from its beginning to its end, and counts the unchanged ones", () => {
    const log = begin();
    log.tell({ kind: "stage", stage: "program" });
    log.tell({ kind: "unchanged", urn: urn("same") });
    log.tell({ kind: "settled", urn: urn("same"), failed: false });
    log.tell({ kind: "change", op: "create", urn: urn("made") });
    log.tell({ kind: "change", op: "update", urn: urn("wrong") });
    const states = () => log.view.changes.map(({ op, type, name, state }) => `${op} ${type} ${name}: ${state}`);
    expect(states()).toEqual([
      "create okta:group/rule:Rule made: running",
      "update okta:group/rule:Rule wrong: running",
    ]);
    log.tell({ kind: "settled", urn: urn("made"), failed: false });
    log.tell({ kind: "settled", urn: urn("wrong"), failed: true });
    log.tell({ kind: "change", op: "delete", urn: urn("gone") });
    expect(states()).toEqual([
      "create okta:group/rule:Rule made: done",
      "update okta:group/rule:Rule wrong: failed",
      "delete okta:group/rule:Rule gone: done",
    ]);
    expect(log.view.unchanged).toBe(1);
  });

  it("shows a replacement as one change, whether the old resource is deleted before or after", () => {
    const log = begin();
    log.tell({ kind: "stage", stage: "program" });
    for (const order of ["before", "after"]) {
      log.tell({ kind: "change", op: "replace", urn: urn(order) });
      if (order === "before") log.tell({ kind: "change", op: "delete", urn: urn(order) });
      log.tell({ kind: "settled", urn: urn(order), failed: false });
    }
    log.tell({ kind: "change", op: "delete", urn: urn("after") });
    log.end();
    expect(log.view.changes.map(({ op, name, state }) => [op, name, state])).toEqual([
      ["replace", "before", "done"],
      ["replace", "after", "done"],
    ]);
  });

  it("has no stage that goes on waiting after a failure before the first one", () => {
    const log = begin(true);
    log.end("the stack file cannot be read");
    expect(log.view.stages.map(({ state }) => state)).toEqual(["notReached", "notReached", "notReached"]);
  });

  it("keeps why it failed, with its lines, and marks what it did not finish", () => {
    const log = begin();
    log.tell({ kind: "stage", stage: "program" });
    log.tell({ kind: "change", op: "create", urn: urn("open") });
    expect(log.view).toMatchObject({ id: 3, state: "running", startedAt: "2026-11-26T10:00:01.000Z" });
    log.end("first line\nsecond line");
    expect(log.view).toMatchObject({
      state: "failed",
      message: "first line\nsecond line",
      endedAt: "2026-11-26T10:00:02.000Z",
      stages: [{ state: "failed" }, { state: "notReached" }],
      changes: [{ name: "open", state: "failed" }],
    });
  });
});
