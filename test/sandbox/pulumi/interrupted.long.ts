import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { binaries } from "../../support/sandbox/pulumi/cli.ts";
import { PUSH, dev, startScene, upDev, type Held, type Scene } from "../../support/sandbox/pulumi/scene.ts";

const found = z.array(z.object({ id: z.string() }));

describe.skipIf(binaries === undefined)("an update that ends half-way, under Pulumi's own engine", () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await startScene();
    for (const name of ["Sales", "Support"]) await scene.okta("POST", "/groups", { profile: { name } });
    await scene.up();
    await scene.connect();
    await scene.config("connection", "ready");
    await scene.up();
  });
  afterAll(() => scene.close());

  /** Everything that the stack declares exists, once. */
  async function expectComplete(groups: readonly string[]): Promise<void> {
    await scene.cli.ok("preview", "--expect-no-changes", ...dev);
    const { oktaAppId, scimToken } = await scene.read();
    expect(await scene.okta("GET", `/apps/${oktaAppId}/group-push/mappings`)).toHaveLength(groups.length);
    await scene.standIns.org.idle();
    expect((await scene.scim("/Groups", scimToken)).names).toEqual(groups);
  }

  /** The state names the pending push and is written no more: a process that is killed while it writes the file tears it. */
  async function stateIsWritten(): Promise<void> {
    let before: string | undefined;
    const isSame = async (): Promise<boolean> => {
      const state = await scene.checkpoint().catch(() => undefined);
      const now = JSON.stringify(state);
      const isWhole = state?.pending_operations.some(({ resource }) => resource.urn.includes(PUSH)) ?? false;
      const same = isWhole && now === before;
      before = now;
      return same;
    };
    await expect.poll(isSame, { timeout: 120_000, interval: 1_000 }).toBe(true);
  }

  /** `up` is killed while it waits for a push mapping: its lock stays, and the state records the pending mapping. */
  async function killWhilePushing(): Promise<Held> {
    const held = scene.hold(PUSH);
    const running = scene.cli.start(...upDev);
    await Promise.race([held.reached, running.ended]);
    await stateIsWritten();
    running.kill();
    expect((await running.ended).code).toBeNull();
    return held;
  }

  async function liftLock(): Promise<void> {
    const locked = await scene.cli.run(...upDev);
    expect(locked.code).not.toBe(0);
    expect(locked.text).toMatch(/currently locked by 1 lock[\s\S]*pulumi cancel/);
    await scene.cli.ok("cancel", "--yes", ...dev);
    const { pending_operations } = await scene.checkpoint();
    expect(pending_operations).toEqual([
      { type: "creating", resource: { urn: expect.stringContaining(`$${PUSH}::dev-push-`) as string } },
    ]);
  }

  test("after Ctrl-C the next one finishes it", async () => {
    await scene.config("pushGroups[2]", "Finance");
    await scene.config("throttle.ratePerSecond", "77");
    const held = scene.hold(PUSH);
    const running = scene.cli.start(...upDev);
    await Promise.race([held.reached, running.ended]);
    running.interrupt();
    await expect.poll(running.text, { timeout: 120_000 }).toMatch(/cancelling/);
    await held.release();
    expect((await running.ended).code).not.toBe(0);
    await scene.up();
    await expectComplete(["Designers", "Developers", "Finance"]);
  });

  test("killed before the request to Okta, the next one finishes it after the lock is removed", async () => {
    await scene.config("pushGroups[3]", "Sales");
    const held = await killWhilePushing();
    held.refuse();
    await liftLock();
    const { text } = await scene.up();
    expect(text).toMatch(/dev-push-\S+, interrupted while creating/);
    await expectComplete(["Designers", "Developers", "Finance", "Sales"]);
    await scene.cli.ok("refresh", "--yes", "--skip-preview", "--clear-pending-creates", ...dev);
    expect((await scene.checkpoint()).pending_operations).toEqual([]);
    await expectComplete(["Designers", "Developers", "Finance", "Sales"]);
  });

  test("killed while Okta created a mapping, the next one names it, and finishes after it is unlinked by hand", async () => {
    await scene.config("pushGroups[4]", "Support");
    const held = await killWhilePushing();
    await held.release();
    await liftLock();
    await scene.cli.ok("refresh", "--yes", "--skip-preview", "--clear-pending-creates", ...dev);
    expect((await scene.checkpoint()).pending_operations).toEqual([]);
    const refused = await scene.cli.run(...upDev);
    expect(refused.code).not.toBe(0);
    expect(refused.text).toMatch(/dev-push-[\s\S]*The group is pushed to this app already/);
    const { oktaAppId } = await scene.read();
    const mappings = found.parse(await scene.okta("GET", `/apps/${oktaAppId}/group-push/mappings`));
    const known = new Set((await scene.checkpoint()).resources.map(({ id }) => id));
    const [halfMade, ...others] = mappings.filter(({ id }) => !known.has(id));
    expect(others).toEqual([]);
    scene.standIns.org.admin.unlinkGroup(halfMade?.id ?? "", { deleteTargetGroup: false });
    await scene.up();
    await expectComplete(["Designers", "Developers", "Finance", "Sales", "Support"]);
  });

  test("no token ever appeared in plain text", () => scene.expectNoTokenInPlainText());
});
