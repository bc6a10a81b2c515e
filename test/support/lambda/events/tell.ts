import type { DynamoDBRecord } from "aws-lambda";
import { changeOf } from "../../../../lambda/events/change.ts";
import { joinChanges } from "../../../../lambda/events/join.ts";
import { audienceOf, claimsOf, type Claims } from "../../../../lambda/events/set.ts";
import type { JsonObject } from "../../../../lambda/model.ts";
import { compileRegistry } from "../../../../lambda/scim/schema/index.ts";
import { BASE_URL, ISSUER } from "./publisher.ts";

export const PREFIX = "urn:ietf:params:scim:event:prov:";
export const iruPublisher = { registry: compileRegistry("iru"), baseUrl: BASE_URL, issuer: ISSUER };
export const NOW = Date.parse("2026-11-26T01:00:01.500Z");

/** What the records of one batch tell a receiver. */
export function tell(mode: "notice" | "full", ...records: readonly DynamoDBRecord[]): Claims[] {
  const audience = audienceOf(ISSUER, { name: "hr", id: "1", delivery: "poll", mode });
  const changes = joinChanges(records.flatMap((one) => changeOf(one) ?? []));
  return changes.map((change) => claimsOf(iruPublisher, audience, change, NOW));
}
export const events = (mode: "notice" | "full", ...records: readonly DynamoDBRecord[]): JsonObject[] =>
  tell(mode, ...records).map((claims) => claims.events);

export const ann: JsonObject = { userName: "ann@example.com", externalId: "00u1", active: true, title: "Engineer" };
export const red: JsonObject = { displayName: "Red", externalId: "00g1" };
export const marked = (add: string[], remove: string[] = []) => ({ how: "patch", members: { add, remove } }) as const;
