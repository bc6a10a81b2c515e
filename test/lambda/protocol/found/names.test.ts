// cspell:ignore oﬃce Deseret Νικοστρατος
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../lambda/model.ts";
import { ENTERPRISE_USER } from "../../../../lambda/scim/schema/index.ts";
import { error } from "../../../support/lambda/protocol/found/error.ts";
import {
  resourcesOf,
  startServices,
  type RunningCloud,
  type RunningService,
} from "../../../support/lambda/protocol/service.ts";

/** Two ways to write one name. */
const equal = [
  ["a capital that Unicode composes only in lower case", "J\u030c", "ǰ"],
  ["another one", "T\u0308", "ẗ"],
  ["a final sigma", "ΝΙΚΟΣ", "νικοσ"],
  ["a final sigma within a name", "ΝΙΚΟΣ Α", "νικος α"],
  ["full width", "ａbc", "abc"],
  ["full width in capitals", "ＡＢＣ", "abc"],
  ["an ideographic space", "山\u3000田", "山 田"],
  ["half-width katakana", "ｶﾞﾝ", "ガン"],
  ["a sharp s", "Straße", "STRASSE"],
  ["a capital sharp s", "STRAẞE", "strasse"],
  ["a ligature", "ﬁn", "FIN"],
  ["another ligature", "oﬃce", "OFFICE"],
  ["composed and decomposed letters", "É", "e\u0301"],
  ["two marks in another order", "a\u0323\u0307", "a\u0307\u0323"],
  ["Hangul and its letters", "한글", "한글"],
  ["an iota below", "ᾼ", "αι"],
  ["the dotted capital I", "İ", "i\u0307"],
  ["Cherokee", "Ꭰ", "ꭰ"],
  ["the Kelvin sign", "\u212a", "k"],
  ["Deseret, beyond the basic plane", "𐐀", "𐐨"],
] as const;

/** Two names. */
const different = [
  ["an accent", "é", "e"],
  ["the dotless i", "ı", "i"],
  ["a joiner", "क\u094dष", "क\u094d\u200dष"],
  ["a compatibility form other than width", "①", "1"],
  ["hiragana and katakana", "か", "カ"],
  ["a leading blank", " n", "n"],
  ["two blanks", "n  n", "n n"],
  ["Latin and Cyrillic", "a", "а"],
] as const;

let cloud: RunningCloud;
beforeAll(async () => {
  cloud = await startServices();
});
afterAll(() => cloud.close());

describe.each(["standard", "iru"] as const)("with attributes=%s", (setting) => {
  let service: RunningService;
  let count = 0;
  beforeAll(async () => {
    service = await cloud.service(setting);
  });
  const suffix = (): string => ` ${(count += 1)}x`;
  const find = async (type: string, query: Record<string, string>): Promise<JsonObject[]> => {
    const answer = await service.send("GET", `${type}?${new URLSearchParams(query).toString()}`);
    expect(answer.status).toBe(200);
    return resourcesOf(answer);
  };
  const types = [
    ["/Users", "userName", "user"],
    ["/Groups", "displayName", "group"],
  ] as const;

  it.each(equal)("one name: %s", async (_name, one, other) => {
    const end = suffix();
    for (const [type, name, kind] of types) {
      const made = await service.send("POST", type, { body: { [name]: one + end } });
      expect([made.status, made.body[name]]).toEqual([201, one + end]);
      const again = await service.send("POST", type, { body: { [name]: other + end } });
      const detail = `Another ${kind} has the ${name} ${JSON.stringify(other + end)} (compared without case).`;
      expect([again.status, again.body]).toEqual([409, error(409, detail, "uniqueness")]);
      const compared = (operators: readonly string[], how: string): string =>
        operators.map((operator) => `${name} ${operator} ${JSON.stringify(other + end)}`).join(` ${how} `);
      expect(await find(type, { filter: compared(["eq"], "and") })).toEqual([made.body]);
      expect(await find(type, { filter: compared(["sw", "co", "ew", "ge", "le"], "and") })).toEqual([made.body]);
      const none = `${name} ew "${end}" and (${compared(["ne", "gt", "lt"], "or")})`;
      expect(await find(type, { filter: none })).toEqual([]);
    }
  });

  it.each(equal)("one value to a sort: %s", async (_name, one, other) => {
    const end = suffix();
    const names = [one, other, one, other].map((start) => start + end);
    const made: string[] = [];
    for (const displayName of names) {
      const body = { userName: `sort ${(count += 1)}`, displayName };
      made.push((await service.send("POST", "/Users", { body })).id);
    }
    // Equal values are in order of id, whichever way the list runs.
    for (const sortOrder of ["ascending", "descending"]) {
      const found = await find("/Users", { filter: `displayName ew "${end}"`, sortBy: "displayName", sortOrder });
      expect(found.map(({ id }) => id)).toEqual(made.toSorted());
    }
  });

  it.each(different)("two names: %s", async (_name, one, other) => {
    const end = suffix();
    for (const [type, name] of types) {
      const made = [];
      for (const start of [one, other]) made.push(await service.send("POST", type, { body: { [name]: start + end } }));
      expect(made.map(({ status }) => status)).toEqual([201, 201]);
      const filter = `${name} eq ${JSON.stringify(one + end)}`;
      expect((await find(type, { filter })).map(({ id }) => id)).toEqual([made[0]?.id]);
    }
  });

  it.each([
    ["externalId", { externalId: "AbC" }, "externalId", false],
    ["a reference", { profileUrl: "https://a.test/AbC" }, "profileUrl", false],
    ["displayName", { displayName: "AbC" }, "displayName", true],
    ["an e-mail address", { emails: [{ value: "AbC" }] }, "emails.value", true],
    ["an element of e-mail addresses", { emails: [{ value: "AbC" }] }, "emails", true],
    ["a department", { [ENTERPRISE_USER]: { department: "AbC" } }, `${ENTERPRISE_USER}:department`, true],
    ["a certificate", { x509Certificates: [{ value: "AbCd" }] }, "x509Certificates.value", false],
  ])("%s compares as the schema says", async (name, attributes, path, isFolded) => {
    const userName = `schema ${(count += 1)}`;
    await service.send("POST", "/Users", { body: { userName, ...attributes } });
    const isRetained = setting === "standard" || !["a reference", "a certificate"].includes(name);
    const value = name === "a reference" ? "https://a.test/AbC" : name === "a certificate" ? "AbCd" : "AbC";
    const found = async (text: string) =>
      (await find("/Users", { filter: `userName eq "${userName}" and ${path} eq "${text}"` })).length;
    expect(await found(value)).toBe(isRetained ? 1 : 0);
    expect(await found(value.toUpperCase())).toBe(isRetained && isFolded ? 1 : 0);
  });

  it("sw with a final sigma finds names that continue after it", async () => {
    const end = suffix();
    await service.send("POST", "/Users", { body: { userName: `Νικοστρατος${end}` } });
    expect(await find("/Users", { filter: `userName sw "ΝΙΚΟΣ" and userName ew "${end}"` })).toHaveLength(1);
  });

  it("a rename to another way to write the same name succeeds, one to the name of another fails", async () => {
    const end = suffix();
    const [one, other] = ["ＡＮＮ", "bob"].map((start) => start + end) as [string, string];
    const { id } = await service.send("POST", "/Users", { body: { userName: one } });
    await service.send("POST", "/Users", { body: { userName: other } });
    const rename = (userName: string) =>
      service.send("PATCH", `/Users/${id}`, { body: { Operations: [{ op: "replace", value: { userName } }] } });
    expect((await rename(`ann${end}`)).body["userName"]).toBe(`ann${end}`);
    expect(await find("/Users", { filter: `userName eq ${JSON.stringify(one)}` })).toHaveLength(1);
    expect(await rename(`ｂｏｂ${end}`)).toMatchObject({ status: 409, body: { scimType: "uniqueness" } });
  });

  it("keeps blanks at the start and the end of a name", async () => {
    const userName = `blank${suffix()}`;
    const names = [userName, ` ${userName}`, `${userName} `, `\u3000${userName}`, `${userName}\u00a0`];
    const answers = await Promise.all(
      names.map((name) => service.send("POST", "/Users", { body: { userName: name } })),
    );
    // The ideographic space is the wide form of the blank.
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 201, 201, 201, 409]);
  });
});
