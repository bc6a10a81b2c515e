import { describe, expect, it } from "vitest";
import { ScimError } from "../../../lambda/scim/error.ts";
import { compileFilter, matches } from "../../../lambda/scim/filter/index.ts";
import type { JsonObject } from "../../../lambda/model.ts";
import { compileRegistry, ENTERPRISE_USER, USER } from "../../../lambda/scim/schema/index.ts";

const { user, group } = compileRegistry("standard");

const ann: JsonObject = {
  schemas: [USER, ENTERPRISE_USER],
  id: "AbC",
  externalId: "00uX",
  userName: "Ann@Example.com",
  displayName: 'Ann "A" Lee',
  name: { givenName: "Ann", familyName: "Lee" },
  active: true,
  emails: [
    { value: "ann@work.example", type: "work", primary: true },
    { value: "ann@home.example", type: "home" },
  ],
  [ENTERPRISE_USER]: { department: "Sales", manager: { value: "m1" } },
  meta: { resourceType: "User", created: "2026-01-02T03:04:05.000Z", lastModified: "2026-02-02T00:00:00.000Z" },
};

const cases: [filter: string, expected: boolean][] = [
  ['userName eq "ann@example.com"', true],
  ['USERNAME EQ "ANN@EXAMPLE.COM"', true],
  ['userName ne "ann@example.com"', false],
  ['userName eq "bob"', false],
  ['externalId eq "00uX"', true],
  ['externalId eq "00ux"', false],
  ['id eq "abc"', false],
  ['userName co "EXAMPLE"', true],
  ['userName sw "ann"', true],
  ['userName ew ".com"', true],
  ['userName sw ".com"', false],
  ["userName pr", true],
  ["nickName pr", false],
  ["nickName eq null", true],
  ["userName eq null", false],
  ["userName ne null", true],
  ['nickName ne "x"', true],
  ['nickName eq "x"', false],
  ["active eq true", true],
  ["active eq false", false],
  ["active ne false", true],
  ['active eq "True"', true],
  ['userName gt "a"', true],
  ['userName lt "a"', false],
  ['userName ge "ann@example.com"', true],
  ['userName le "ann@example.com"', true],
  ['meta.created eq "2026-01-02T04:04:05+01:00"', true],
  ['meta.created gt "2026-01-01T00:00:00Z"', true],
  ['meta.lastModified lt "2026-01-01T00:00:00Z"', false],
  ['name.familyName eq "lee"', true],
  ["name pr", true],
  ['emails.value eq "ann@home.example"', true],
  ['emails co "work.example"', true],
  ['emails[type eq "work" and value co "@work"]', true],
  ['emails[type eq "home" and value co "@work"]', false],
  ['emails.type eq "home" and emails.value co "@work"', true],
  ['emails[type eq "work"].value eq "ann@work.example"', true],
  ['emails[type eq "home"].value eq "ann@work.example"', false],
  ['emails[not (type eq "work") and primary pr]', false],
  [`${USER}:userName eq "ann@example.com"`, true],
  [`${USER.toUpperCase()}:name.givenName eq "ann"`, true],
  [`${ENTERPRISE_USER}:department eq "sales"`, true],
  [`${ENTERPRISE_USER}:manager.value eq "m1"`, true],
  [`schemas eq "${ENTERPRISE_USER}"`, true],
  ['not (userName eq "bob")', true],
  ["active eq false and userName pr or title pr", false],
  ["title pr or userName pr and active eq true", true],
  ["(title pr or userName pr) and active eq false", false],
  ['displayName eq "Ann \\"A\\" Lee"', true],
  ['displayName eq "\\u0041nn \\"A\\" Lee"', true],
];

const wrong: [name: string, filter: string][] = [
  ["an empty filter", ""],
  ["blanks", "   "],
  ["a lone attribute", "userName"],
  ["an unknown operator", 'userName like "a"'],
  ["a missing value", "userName eq"],
  ["an unquoted value", "userName eq ann"],
  ["single quotes", "userName eq 'ann'"],
  ["an unclosed string", 'userName eq "ann'],
  ["a bad escape", 'userName eq "\\x"'],
  ["an unclosed parenthesis", "(userName pr"],
  ["a stray parenthesis", "userName pr)"],
  ["an unclosed value path", 'emails[type eq "work"'],
  ["a dangling and", "userName pr and"],
  ["two expressions without an operator", "userName pr title pr"],
  ["an unknown attribute", 'shoeSize eq "9"'],
  ["an unknown sub-attribute", 'name.shoe eq "9"'],
  ["a prototype's name", '__proto__ eq "x"'],
  ["a constructor path", 'constructor.prototype eq "x"'],
  ["an unknown URN", 'urn:example:User:userName eq "x"'],
  ["an order of booleans", "active gt true"],
  ["text for a boolean", 'active eq "maybe"'],
  ["a number for text", "userName eq 5"],
  ["a boolean for text", "userName eq true"],
  ["text search in a date", 'meta.created co "2026"'],
  ["a date that is none", 'meta.created gt "yesterday"'],
  ["an order with null", "userName gt null"],
  ["a complex attribute without value", 'name eq "Ann"'],
  ["a value path on text", 'userName[type eq "x"]'],
  ["an unknown name in a value path", 'emails[shoe eq "x"]'],
  ["an order of binaries", 'x509Certificates.value gt "x"'],
  ["20,000 parentheses", "(".repeat(20_000)],
  ["33 levels", `${"(".repeat(33)}userName pr${")".repeat(33)}`],
  ["nested not beyond 32 levels", `${"not (".repeat(33)}userName pr${")".repeat(33)}`],
];

describe("a filter", () => {
  it.each(cases)("%s is %s", (filter, expected) => {
    expect(matches(compileFilter(user, filter), ann)).toBe(expected);
  });

  it.each(wrong)("rejects %s with invalidFilter", (_name, filter) => {
    const compile = (): unknown => compileFilter(user, filter);
    expect(compile).toThrow(ScimError);
    expect(compile).toThrow(expect.objectContaining({ status: 400, scimType: "invalidFilter" }));
  });

  it("matches nothing by an attribute that the tenant does not retain", () => {
    const iru = compileRegistry("iru").user;
    expect(matches(compileFilter(iru, 'nickName eq "x"'), ann)).toBe(false);
  });

  it("accepts a long chain of or without nesting", () => {
    const chain = Array.from({ length: 300 }, () => "title pr").join(" or ");
    expect(matches(compileFilter(user, `${chain} or userName pr`), ann)).toBe(true);
  });

  it("reads the members of a group", () => {
    const resource: JsonObject = { displayName: "G", members: [{ value: "u1", type: "User" }] };
    expect(matches(compileFilter(group, 'members[value eq "u1"]'), resource)).toBe(true);
    expect(matches(compileFilter(group, 'members.value eq "U1"'), resource)).toBe(false);
  });
});
