import type { JsonObject, JsonValue } from "../../../../lambda/model.ts";
import { ENTERPRISE_USER } from "../../../../lambda/scim/schema/index.ts";

export const [work, home] = [
  { value: "ann@work.example", type: "work", primary: true },
  { value: "ann@home.example", type: "home" },
] as const;

/** The user from which every PATCH starts, without its userName. */
export const ann: JsonObject = {
  externalId: "00u1",
  active: true,
  title: "Tour Guide",
  name: { givenName: "Ann", familyName: "Lee" },
  emails: [work, home],
  [ENTERPRISE_USER]: { department: "Sales", costCenter: "7" },
};
/** The difference afterwards (undefined: removed), or the status and scimType of the error; then nothing differs. */
export type Outcome = Readonly<Record<string, JsonValue | undefined>> | readonly [status: number, scimType?: string];
export type Case = readonly [from: string, name: string, operations: JsonValue, outcome: Outcome];
