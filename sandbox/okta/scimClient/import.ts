import { z } from "zod";
import { ScimFailure } from "./failure.ts";
import type { Connection, Send } from "./transport.ts";

const PAGE = 100;

const person = z.looseObject({ id: z.string().min(1), userName: z.string().min(1), active: z.boolean().default(true) });
const listResponse = z.object({ totalResults: z.int(), Resources: z.array(person).default([]) });

export type ScimPerson = z.infer<typeof person>;

/**
 * Reads every user of the directory: `GET /Users?startIndex=1&count=100`, then 101, until `totalResults`. Okta's
 * behaviour for a page that is shorter than requested is not on record [?]: here the import fails, so that it misses
 * nobody.
 * @throws ScimFailure
 */
export async function readUsers(send: Send, connection: Connection): Promise<ScimPerson[]> {
  const people: ScimPerson[] = [];
  for (let startIndex = 1; ; startIndex += PAGE) {
    const { status, body } = await send(connection, "GET", `/Users?startIndex=${startIndex}&count=${PAGE}`);
    const list = listResponse.safeParse(body);
    if (!list.success)
      throw new ScimFailure(status, "The import answered something other than a ListResponse of users");
    const { totalResults, Resources } = list.data;
    people.push(...Resources);
    if (startIndex + PAGE > totalResults) return people;
    if (Resources.length < PAGE)
      throw new ScimFailure(
        status,
        `The page at ${startIndex} holds ${Resources.length} users, ${PAGE} were asked for`,
      );
  }
}
