import { expect, it } from "vitest";
import { rotationOf } from "../../../sandbox/console/rotation.ts";

it.each([
  ["nothing was rotated yet", 1, true, true, "newest", false, "rotateToken"],
  ["Okta has the token before", 2, true, false, "earlier", true, "changeToken"],
  ["Okta has the new token, and the one before still works", 2, true, true, "newest", true, "dropPreviousToken"],
  ["the one before was dropped", 2, false, true, "newest", false, "rotateToken"],
  ["the one before was dropped although Okta still has it", 2, false, false, "earlier", false, "changeToken"],
  ["provisioning is off", 3, true, undefined, "none", true, "rotateToken"],
] as const)("%s", (_name, generation, accepts, hasNewest, oktaHas, acceptsPrevious, next) => {
  expect(rotationOf(generation, accepts, hasNewest)).toEqual({ generation, acceptsPrevious, oktaHas, next });
});
