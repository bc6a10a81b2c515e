import type { JsonObject, JsonValue } from "../../../../lambda/model.ts";
import { ENTERPRISE_USER } from "../../../../lambda/scim/schema/index.ts";

export const [work, home] = [
  { value: "ann@work.example", type: "work", primary: true },
  { value: "ann@home.example", type: "home" },
] as const;

/** The user that every PATCH starts from, beside its userName. */
export const ann: JsonObject = {
  externalId: "00u1",
  active: true,
  title: "Tour Guide",
  name: { givenName: "Ann", familyName: "Lee" },
  emails: [work, home],
  [ENTERPRISE_USER]: { department: "Sales", costCenter: "7" },
};
/** What is different afterwards (undefined: gone), or the status and scimType of the refusal; then nothing is different. */
export type Outcome = Readonly<Record<string, JsonValue | undefined>> | readonly [status: number, scimType?: string];
export type Case = readonly [from: string, name: string, operations: JsonValue, outcome: Outcome];
