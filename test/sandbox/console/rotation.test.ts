import { expect, it } from "vitest";
import { rotationOf, type OktaToken } from "../../../sandbox/console/rotation.ts";

const newest = (generation: number): OktaToken => ({ state: "newest", generation });
const earlier = (generation: number): OktaToken => ({ state: "earlier", generation });
const refused = (generation: number): OktaToken => ({ state: "refused", generation });

it.each([
  ["nothing was rotated yet", 1, true, newest(1), false, "rotateToken"],
  ["Okta has the token before", 2, true, earlier(1), true, "changeToken"],
  ["Okta has the new token, and the one before still works", 2, true, newest(2), true, "dropPreviousToken"],
  ["the one before was dropped", 2, false, newest(2), false, "rotateToken"],
  ["the one before was dropped although Okta still has it", 2, false, refused(1), false, "changeToken"],
  ["Okta has the token of two generations ago", 3, true, refused(1), true, "changeToken"],
  ["provisioning is off", 3, true, { state: "none" }, true, "rotateToken"],
] as const)("%s", (_name, generation, accepts, okta, acceptsPrevious, next) => {
  expect(rotationOf(generation, accepts, okta)).toEqual({ generation, acceptsPrevious, okta, next });
});
