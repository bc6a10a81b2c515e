import type { JsonObject } from "../../../../lambda/model.ts";
import { compileRegistry, ENTERPRISE_USER } from "../../../../lambda/scim/schema/index.ts";

export const { user, group } = compileRegistry("standard");
export const PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

export const ann: JsonObject = {
  userName: "ann",
  active: true,
  name: { givenName: "Ann", familyName: "Lee" },
  emails: [
    { value: "a@work", type: "work", primary: true },
    { value: "a@home", type: "home" },
  ],
  [ENTERPRISE_USER]: { department: "Sales" },
};

export const body = (...operations: JsonObject[]): JsonObject => ({ schemas: [PATCH_OP], Operations: operations });
export const work = { value: "a@work", type: "work", primary: true };
export const home = { value: "a@home", type: "home" };
