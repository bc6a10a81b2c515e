import { describe, expect, it } from "vitest";
import { checkTenantConfig } from "../../../components/config/tenant.ts";

const check = (values: Record<string, unknown>) =>
  checkTenantConfig(
    Object.fromEntries(
      Object.entries({ tenant: "acme", ...values }).map(([key, value]): [string, string] => [
        `okta-scim-directory:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
    "acme",
  );
const names = (many: number, length = 2): string[] =>
  Array.from({ length: many }, (_, index) => `r${String(index).padStart(length - 1, "0")}`);

describe("readers", () => {
  it("are names of systems", () => {
    expect(check({ readers: ["hr", "crm-2", "a1", "a23456789-123456789-1234"] }).config?.readers).toEqual([
      ...["hr", "crm-2", "a1", "a23456789-123456789-1234"],
    ]);
    expect(check({}).config?.readers).toEqual([]);
  });

  it("are refused with every problem at once: form, repetition, and the name of Okta", () => {
    const { problems } = check({ readers: ["HR", "crm", "crm", "okta", "a", "x-", 7, "a23456789-123456789-12345"] });
    const allowed =
      "2 to 24 of a-z, 0-9 and -, starting with a letter and not ending in -, other than okta; each name once";
    const at = (index: number, wrong: string) => ({
      path: `readers[${index}]`,
      wrong,
      allowed,
      fix: `pulumi config set --stack acme --path 'readers[${index}]' hr-portal`,
    });
    expect([...problems].sort((a, b) => a.path.localeCompare(b.path))).toEqual([
      at(0, "has the wrong form"),
      at(2, "is crm, which is entry 1 too"),
      at(3, "is the name of Okta, which has the main token"),
      at(4, "has the wrong form"),
      at(5, "has the wrong form"),
      at(6, "is not a text"),
      at(7, "has the wrong form"),
    ]);
  });

  it("are at most 10", () => {
    expect(check({ readers: names(10) }).problems).toEqual([]);
    expect(check({ readers: names(11) }).problems).toMatchObject([
      { path: "readers", wrong: "has too many entries (at most 10)", allowed: "at most 10 names, each once" },
    ]);
    expect(check({ readers: "hr" }).problems).toMatchObject([{ path: "readers", wrong: "is not a list" }]);
  });

  it("fit into the function's environment together with the attributes, or are refused", () => {
    const attributes = ["userName", ...Array.from({ length: 100 }, () => "displayName")];
    const rotated = { attributes, tokenGeneration: 2 };
    expect(check({ readers: names(10, 24), attributes: "standard", tokenGeneration: 100_000 }).problems).toEqual([]);
    expect(check({ readers: names(10, 24), attributes }).problems).toEqual([]);
    expect(check({ readers: names(10, 24), ...rotated }).problems).toEqual([
      {
        path: "readers",
        wrong: expect.stringContaining("the hashes of the tokens of 10 readers and 0 receivers do not fit") as string,
        allowed: "at most 3676 bytes: fewer or shorter names, or fewer attributes",
        fix: "pulumi config rm --stack acme --path 'readers[9]'",
      },
    ]);
    expect(check({ readers: names(10, 24), ...rotated, acceptPreviousToken: false }).problems).toEqual([]);
  });
});
