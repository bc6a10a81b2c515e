import type { Check } from "../../../operations/verify/check.ts";
import { rightWorld, verify, type World } from "./support.ts";

/** The problems after a change of the world. */
export async function faults(change: (world: World) => void): Promise<Check[]> {
  const world = rightWorld();
  change(world);
  const checks = await verify(world);
  return checks.filter(({ state }) => state === "wrong" || state === "warning");
}

/** Changes to a tenant without problems. */
export const set =
  <K extends keyof World>(key: K, value: World[K]) =>
  (world: World) =>
    void (world[key] = value);
export const app = (changes: Partial<NonNullable<World["app"]>>) => (world: World) => {
  if (world.app !== undefined) world.app = { ...world.app, ...changes };
};
/** A mapping that is not the stack's. */
export const pushedByHand = (sourceGroupId: string) => (world: World) => {
  world.mappings.push(...world.mappings.slice(0, 1).map((one) => ({ ...one, id: "gPmHand", sourceGroupId })));
};

export const mapping = (changes: Partial<World["mappings"][number]>) => (world: World) => {
  world.mappings = world.mappings.map((one) => ({ ...one, ...changes }));
};
