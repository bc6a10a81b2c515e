import { patchOf, personOf } from "../operations/requests.ts";

/** Filters of Okta, Entra ID and administrators, from short to long. */
export const FILTERS: readonly string[] = [
  'userName eq "person7@example.com"',
  'externalId eq "00u7" and active eq true',
  'emails[type eq "work" and value ew "@example.com"]',
  'name.familyName co "99" or not (displayName sw "Person 1")',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "Sales" and (title pr or userName ge "p")',
];

export const EVALUATED = 'active eq true and (name.familyName co "99" or emails[value sw "person5"])';
export const PEOPLE = Array.from({ length: 1_000 }, (_, at) => personOf(at));

export const USER_PATCH = patchOf(
  { op: "replace", path: "name.familyName", value: "Married" },
  { op: "add", path: "title", value: "Boss" },
  { op: "replace", path: 'emails[type eq "work"].value', value: "boss@example.com" },
);

/** Sizes of the groups to which one member is added. */
export const GROUP_SIZES = [10, 1_000, 10_000] as const;
export const groupOf = (size: number) => ({
  displayName: "Group",
  members: Array.from({ length: size }, (_, at) => ({ value: `member-${at}`, display: `Person ${at}` })),
});
export const MEMBER_PATCH = patchOf({ op: "add", path: "members", value: [{ value: "newcomer", display: "New" }] });

export type Part = "parse" | "evaluate" | "patchUser" | `patchGroup${(typeof GROUP_SIZES)[number]}`;
/** Does one part once. Returns a number that must be the same for every contender, so that all do the same work. */
export type Parts = Readonly<Record<Part, () => number | Promise<number>>>;
