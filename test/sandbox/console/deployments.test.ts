import { describe, expect, it } from "vitest";
import {
  FailedDeployment,
  createDeployments,
  overridesAfter,
  type Deployments,
} from "../../../sandbox/console/deployments.ts";
import type { Tenant } from "../../../sandbox/tenant/tenant.ts";

type Up = Tenant["up"];

/** A tenant whose deployments end when the test says so. */
function scene() {
  const calls: { readonly config: object; readonly end: (error?: Error) => void }[] = [];
  const up: Up = (config, onEvent) =>
    new Promise((resolve, reject) => {
      onEvent?.({ kind: "stage", stage: "program" });
      calls.push({ config, end: (error) => (error === undefined ? resolve() : reject(error)) });
    });
  let told = 0;
  const deployments: Deployments = createDeployments(
    { up, resources: [], config: { values: {}, secretKeys: [] } },
    () => {
      told += 1;
    },
  );
  return { calls, deployments, told: () => told };
}
const request = { title: "Deploy", startedBy: "page" } as const;
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
};

describe("deployments", () => {
  it("run one at a time, each on top of those that succeeded", async () => {
    const { calls, deployments } = scene();
    const first = deployments.up({ ...request, set: { throttle: "1" } });
    const second = deployments.up({ title: "npm run up", startedBy: "npm run up", set: { stage: "production" } });
    await settled();
    expect(calls).toHaveLength(1);
    expect(deployments).toMatchObject({ running: true, shown: { id: 1, title: "Deploy", state: "running" } });
    calls[0]?.end();
    await first;
    await settled();
    expect(calls[1]?.config).toEqual({
      "okta-scim-directory:throttle": "1",
      "okta-scim-directory:stage": "production",
    });
    expect(deployments.shown).toMatchObject({ id: 2, startedBy: "npm run up", state: "running" });
    calls[1]?.end();
    await second;
    await settled();
    expect(deployments).toMatchObject({ running: false, shown: { id: 2, state: "done" } });
  });

  it("show one that was refused before it began as failed, instead of the one before", async () => {
    const { calls, deployments } = scene();
    const first = deployments.up(request);
    await settled();
    calls[0]?.end();
    await first;
    await settled();
    const refuse = (): never => deployments.refuse(request, new Error("Pulumi.dev.yaml is not a stack file"));
    expect(refuse).toThrow(FailedDeployment);
    expect(deployments).toMatchObject({
      running: false,
      shown: { id: 2, state: "failed", message: "Pulumi.dev.yaml is not a stack file" },
    });
    expect(deployments.shown?.stages.map(({ state }) => state)).toEqual(["notReached", "notReached"]);
  });

  it("keep the message of a failure until the next one starts, and forget its overrides", async () => {
    const { calls, deployments } = scene();
    const failing = deployments.up({ ...request, set: { throttle: "wrong" } });
    await settled();
    calls[0]?.end(new Error("throttle: must be an object\nremove it"));
    await expect(failing).rejects.toThrow(FailedDeployment);
    await expect(failing).rejects.toThrow("throttle: must be an object\nremove it");
    expect(deployments.shown).toMatchObject({ state: "failed", message: "throttle: must be an object\nremove it" });
    expect(deployments.overrides).toEqual({});
    const next = deployments.up(request);
    await settled();
    expect(deployments.shown).toMatchObject({ id: 2, state: "running" });
    expect(deployments.shown?.message).toBeUndefined();
    calls[1]?.end();
    await next;
  });

  it("are dismissed once they have ended, and only the shown one", async () => {
    const { calls, deployments, told } = scene();
    const work = deployments.up(request);
    await settled();
    deployments.dismiss(1);
    expect(deployments.shown?.state).toBe("running");
    calls[0]?.end();
    await work;
    deployments.dismiss(7);
    expect(deployments.shown?.state).toBe("done");
    const before = told();
    deployments.dismiss(1);
    expect(deployments.shown).toBeUndefined();
    expect(told()).toBeGreaterThan(before);
  });
});

describe("the overrides after a request", () => {
  it.each([
    [{ throttle: "2" }, [], { "okta-scim-directory:stage": "a", "okta-scim-directory:throttle": "2" }],
    [{ "okta-scim-directory:stage": "b" }, [], { "okta-scim-directory:stage": "b" }],
    [{}, ["stage"], {}],
    [{ stage: "c" }, ["stage"], { "okta-scim-directory:stage": "c" }],
  ])("are the earlier ones with %j set and %j forgotten", (set, unset, wanted) => {
    expect(overridesAfter({ "okta-scim-directory:stage": "a" }, { set, unset })).toEqual(wanted);
  });
});
