import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../lambda/model.ts";
import { ENTERPRISE_USER, GROUP, USER } from "../../../../lambda/scim/schema/index.ts";
import { acme } from "../../../support/lambda/protocol/found/changeCase.ts";
import { error } from "../../../support/lambda/protocol/found/error.ts";
import {
  resourcesOf,
  startServices,
  type RunningCloud,
  type RunningService,
} from "../../../support/lambda/protocol/service.ts";

const undefinedName = (name: string): string => `The filter names "${name}", which User does not define.`;
const noInstant = 'the value must be a date and time in quotes, such as "2026-01-31T12:00:00Z".';

/** Filters that are refused, and the detail. */
const refusedFilters: readonly (readonly [filter: string, detail: string])[] = [
  [`${acme}:badge eq "2"`, undefinedName(`${acme}:badge`)],
  [`${acme}:badge pr`, undefinedName(`${acme}:badge`)],
  [`not (${acme}:badge pr)`, undefinedName(`${acme}:badge`)],
  [`userName pr or ${acme}:badge gt 7`, undefinedName(`${acme}:badge`)],
  [`${acme}:badges[type eq "x"]`, undefinedName(`${acme}:badges`)],
  [`${ENTERPRISE_USER}:dept eq "x"`, undefinedName(`${ENTERPRISE_USER}:dept`)],
  [`${ENTERPRISE_USER} pr`, undefinedName(ENTERPRISE_USER)],
  [`${USER}:nothing pr`, undefinedName(`${USER}:nothing`)],
  [`${GROUP}:displayName pr`, undefinedName(`${GROUP}:displayName`)],
  ['emails[kind eq "x"]', 'The filter names "kind", which emails does not define.'],
  ['userName[value eq "x"]', "userName takes no value filter."],
  ['meta.created gt "2020"', `meta.created gt: ${noInstant}`],
  ['meta.created gt "2020-02-30T00:00:00Z"', `meta.created gt: ${noInstant}`],
  ['meta.created gt "2021-02-29"', `meta.created gt: ${noInstant}`],
  ['meta.created gt "2020-13-01T00:00:00Z"', `meta.created gt: ${noInstant}`],
  ['meta.created gt "2020-01-01T00:00:00+0200"', `meta.created gt: ${noInstant}`],
  ['meta.created gt "2020-01-01 00:00:00"', `meta.created gt: ${noInstant}`],
  ['meta.created gt "Wed, 01 Jan 2020 00:00:00 GMT"', `meta.created gt: ${noInstant}`],
  ["meta.created gt 1577836800", `meta.created gt: ${noInstant}`],
  ['active eq "yes"', "active eq: the value must be true or false."],
  ["active eq 1", "active eq: the value must be true or false."],
];

/** Filters of ann, who has a department and an e-mail address, and of bob; the names that they find. */
const filters: readonly (readonly [filter: string, found: readonly string[]])[] = [
  [`${USER}:userName eq "ANN"`, ["ann"]],
  [`${USER.toUpperCase()}:USERNAME SW "A"`, ["ann"]],
  [`${ENTERPRISE_USER.toLowerCase()}:department eq "sales"`, ["ann"]],
  [`${USER}:emails[type eq "work" and not (value co "bob")]`, ["ann"]],
  ['emails[type eq "WORK"].value eq "ANN@ACME.TEST"', ["ann"]],
  [`not (${ENTERPRISE_USER}:department pr)`, ["bob"]],
  ['meta.created gt "2020-01-01"', ["ann", "bob"]],
  ['meta.created gt "2020-02-29T24:00:00Z"', ["ann", "bob"]],
  ['meta.created gt "2020-01-01T00:00:00"', ["ann", "bob"]],
  ['meta.created gt "2020-01-01T00:00:00.123456789+14:00"', ["ann", "bob"]],
  ['meta.created lt "2020-01-01T00:00:00Z"', []],
  ["meta.created eq null", []],
  ['active eq "True"', ["ann", "bob"]],
  ['active ne "TRUE"', []],
];

/** Parameters, and the detail of the refusal, its type, or the parts of the answer. */
const parameters: readonly (readonly [query: string, outcome: JsonObject | readonly [string, string]])[] = [
  ["count=0", { totalResults: 2, startIndex: 1, itemsPerPage: 0, Resources: [] }],
  ["count=-1", { totalResults: 2, startIndex: 1, itemsPerPage: 0, Resources: [] }],
  ["count=-99999999999999999999", { totalResults: 2, itemsPerPage: 0 }],
  ["count=99999999999999999999", { totalResults: 2, itemsPerPage: 2 }],
  ["count=%2B1", { itemsPerPage: 1 }],
  ["COUNT=1", { itemsPerPage: 1 }],
  ["startIndex=0", { startIndex: 1, itemsPerPage: 2 }],
  ["startIndex=-5&count=1", { startIndex: 1, itemsPerPage: 1 }],
  ["startIndex=2", { startIndex: 2, itemsPerPage: 1 }],
  ["startIndex=3", { startIndex: 3, itemsPerPage: 0, totalResults: 2 }],
  ["startIndex=999999999999", { startIndex: 999_999_999_999, itemsPerPage: 0, totalResults: 2 }],
  ["unknown=1&=&%zz", { totalResults: 2 }],
  ["count=1e1", ["invalidValue", "count must be an integer."]],
  ["count=1.0", ["invalidValue", "count must be an integer."]],
  ["count=0x10", ["invalidValue", "count must be an integer."]],
  ["startIndex=one", ["invalidValue", "startIndex must be an integer."]],
  ["count=1&Count=2", ["invalidValue", "count is given 2 times; it may be given once."]],
  ["cursor=&count=0", ["invalidCount", "With a cursor count must be an integer from 1 to 200."]],
  ["cursor=&count=201", ["invalidCount", "With a cursor count must be an integer from 1 to 200."]],
  ["cursor=&count=ten", ["invalidCount", "With a cursor count must be an integer from 1 to 200."]],
  ["cursor=&startIndex=1", ["invalidValue", "startIndex and cursor are two ways of paging; leave one of them out."]],
  [
    "cursor=x",
    ["invalidCursor", "The cursor was not issued by this directory, or was changed. Start again with an empty cursor."],
  ],
  ["sortBy=nothing", ["invalidValue", 'sortBy names "nothing", which User does not define.']],
  [`sortBy=${acme}:badge`, ["invalidValue", `sortBy names "${acme}:badge", which User does not define.`]],
  [`sortBy=${ENTERPRISE_USER}`, ["invalidValue", `sortBy names "${ENTERPRISE_USER}", which User does not define.`]],
  [`sortBy=${GROUP}:displayName`, ["invalidValue", `sortBy names "${GROUP}:displayName", which User does not define.`]],
  ["sortBy=name", ["invalidValue", "sortBy must name a sub-attribute of name."]],
  ["sortBy=groups", ["invalidValue", "groups cannot be sorted by."]],
  ["sortBy=userName&sortOrder=down", ["invalidValue", "sortOrder must be ascending or descending."]],
  [`sortBy=${USER}:userName&sortOrder=DESCENDING`, { totalResults: 2 }],
];

/** Attribute lists, and the names of what the answer for ann shows beside `schemas` and `id`. */
const projections: readonly (readonly [query: string, shown: readonly string[]])[] = [
  ["attributes=nothing", []],
  [`attributes=${acme}`, []],
  [`attributes=${acme}:badge,userName`, ["userName"]],
  [`attributes=${ENTERPRISE_USER}:dept`, []],
  [`attributes=${ENTERPRISE_USER}`, [ENTERPRISE_USER]],
  [`attributes=${ENTERPRISE_USER.toUpperCase()}:DEPARTMENT`, [ENTERPRISE_USER]],
  [`attributes=${USER}:emails.value`, ["emails"]],
  ["attributes=password", []],
  ["attributes=USERNAME&attributes=meta.version", ["meta", "userName"]],
  ["attributes=%20userName%20,,", ["userName"]],
  ["attributes=userName&excludedAttributes=userName", ["userName"]],
  ["attributes=,", ["meta", "userName", "active", "emails", ENTERPRISE_USER]],
  [`excludedAttributes=${ENTERPRISE_USER},emails,nothing`, ["meta", "userName", "active"]],
  [`excludedAttributes=${acme}:badge`, ["meta", "userName", "active", "emails", ENTERPRISE_USER]],
  ["excludedAttributes=id,schemas,meta", ["userName", "active", "emails", ENTERPRISE_USER]],
];

let cloud: RunningCloud;
beforeAll(async () => {
  cloud = await startServices();
});
afterAll(() => cloud.close());

describe.each(["standard", "iru"] as const)("with attributes=%s", (setting) => {
  let service: RunningService;
  let id: string;
  beforeAll(async () => {
    service = await cloud.service(setting);
    const emails = [{ value: "ann@acme.test", type: "work" }];
    const body = { userName: "ann", emails, [ENTERPRISE_USER]: { department: "Sales" } };
    id = (await service.send("POST", "/Users", { body })).id;
    await service.send("POST", "/Users", { body: { userName: "bob" } });
  });
  const ask = (query: Record<string, string>) => service.send("GET", `/Users?${new URLSearchParams(query).toString()}`);

  it.each(refusedFilters)("the filter %s is refused", async (filter, detail) => {
    const body = error(400, detail, "invalidFilter");
    const get = await ask({ filter });
    expect([get.status, get.body]).toEqual([400, body]);
    const search = await service.send("POST", "/Users/.search", { body: { filter } });
    expect([search.status, search.body]).toEqual([400, body]);
  });

  it.each(filters)("the filter %s finds %j", async (filter, found) => {
    const answer = await ask({ filter, sortBy: "userName" });
    expect(answer.status).toBe(200);
    expect(resourcesOf(answer).map(({ userName }) => userName)).toEqual(found);
  });

  it.each(parameters)("GET /Users?%s", async (query, outcome) => {
    const { status, body } = await service.send("GET", `/Users?${query}`);
    if (!Array.isArray(outcome)) {
      expect(status).toBe(200);
      return expect(body).toMatchObject(outcome);
    }
    const [scimType = "", detail = ""] = outcome as readonly string[];
    expect([status, body]).toEqual([400, error(400, detail, scimType)]);
  });

  it.each(projections)("GET of a user with %s shows %j", async (query, shown) => {
    const { status, body } = await service.send("GET", `/Users/${id}?${query}`);
    expect([status, Object.keys(body).toSorted()]).toEqual([200, ["id", "schemas", ...shown].toSorted()]);
  });

  it.each(['password eq "x"', "password pr", `${USER}:PASSWORD sw "x"`])(
    "the filter %s is sensitive",
    async (filter) => {
      const answer = await ask({ filter });
      const body = error(403, "password is never compared; do not send it in a query.", "sensitive");
      expect([answer.status, answer.body]).toEqual([403, body]);
    },
  );
});
