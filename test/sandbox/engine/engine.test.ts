import { afterEach, describe, expect, test } from "vitest";
import { DeploymentError } from "../../../sandbox/engine/index.ts";
import { createProject, none, removeProjects } from "../../support/sandbox/engine/fixture.ts";

afterEach(removeProjects);

/** A part of `engine.long.ts` and `deployments.long.ts`: each deployment starts a process. */
describe("a deployment", () => {
  test("creates, and then changes only what changed", async () => {
    const { engine, write, calls } = createProject(
      `new Thing("a", { label: "one" }); export const b = new Thing("b", { label: "one" }).serial;`,
    );
    expect((await engine.up(none)).outputs).toEqual({ b: "serial-2" });
    write(`new Thing("a", { label: "one" }); export const b = new Thing("b", { label: "two" }).serial;`);
    const { outputs, summary } = await engine.up(none);
    expect(outputs).toEqual({ b: "serial-2" });
    expect(summary).toEqual({ create: 0, update: 1, replace: 0, delete: 0, same: 1 });
    expect(calls).toEqual(["create t1", "create t2", "update t2"]);
  });

  test("fails with the resource and the provider's reason alone", async () => {
    const { engine } = createProject(`new Thing("a", { label: "bad" });`);
    await expect(engine.up(none)).rejects.toThrow(
      new DeploymentError("fake:index:Thing a: label bad is not allowed; use good"),
    );
  });
});
