import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { partsOf } from "../../../components/config/help.ts";
import { keys, schemas, untyped } from "../../../components/config/keys.ts";
import { configurationPage, pulumiYaml } from "../../../components/config/reference.ts";

const path = (name: string): string => fileURLToPath(new URL(`../../../${name}`, import.meta.url));
const project = async () =>
  z
    .object({ config: z.record(z.string(), z.record(z.string(), z.unknown())) })
    .parse(parse(await readFile(path("Pulumi.yaml"), "utf8"))).config;

describe("pulumi new", () => {
  const template = async () =>
    z
      .object({
        template: z.object({
          description: z.string(),
          quickstart: z.string(),
          config: z.record(z.string(), z.strictObject({ description: z.string(), default: z.string().optional() })),
        }),
      })
      .parse(parse(await readFile(path("Pulumi.yaml"), "utf8"))).template;

  it("asks for each key that has no default, for the region and for the org", async () => {
    const required = Object.entries(await project()).filter(([, entry]) => !("default" in entry));
    const { config } = await template();
    expect(Object.keys(config)).toEqual(
      expect.arrayContaining([...required.map(([key]) => key), "aws:region", "okta:orgName"]),
    );
  });

  it("proposes what the program accepts, under keys that it knows", async () => {
    const { config, quickstart } = await template();
    expect(quickstart).toContain("okta-scim-directory");
    for (const [name, { description, default: proposal }] of Object.entries(config)) {
      expect(description.length).toBeGreaterThan(20);
      const [namespace, key = ""] = name.split(":");
      if (namespace !== "okta-scim-directory") expect(["aws", "okta"]).toContain(namespace);
      else {
        const known = keys.find((one) => one === key);
        if (known === undefined) throw new Error(`${name} is no key of the program`);
        if (proposal !== undefined) expect(z.safeParse(schemas[known], proposal).success).toBe(true);
      }
    }
  });
});

describe("every configuration key", () => {
  it("is in Pulumi.yaml as the schemas say (npm run generate writes it)", async () => {
    const file = path("Pulumi.yaml");
    await expect(pulumiYaml(await readFile(file, "utf8"))).toMatchFileSnapshot(file);
  });

  it("is in docs/configuration.md as the schemas say (npm run generate writes it)", async () => {
    const file = path("docs/configuration.md");
    await expect(configurationPage(await readFile(file, "utf8"))).toMatchFileSnapshot(file);
  });

  it.each(keys)("%s has a type in Pulumi.yaml, a description, and a default unless it is required", async (key) => {
    const entry = (await project())[`okta-scim-directory:${key}`];
    expect(entry?.["description"]).toMatch(/^.{10,} \(.+\)$/);
    if (!untyped.has(key)) expect(entry?.["type"]).toMatch(/^(string|integer|boolean|object)$/);
    const required = !z.safeParse(schemas[key], undefined).success;
    // Pulumi refuses a stack that lacks a key without a default.
    expect(entry !== undefined && "default" in entry).toBe(!required);
    expect(required).toBe(key === "tenant");
  });

  it.each(keys)("%s means the same with the default of Pulumi.yaml as without it", async (key) => {
    const entry = (await project())[`okta-scim-directory:${key}`];
    if (entry === undefined || !("default" in entry)) return;
    expect(z.safeParse(schemas[key], entry["default"]).data).toEqual(z.safeParse(schemas[key], undefined).data);
  });

  it.each(keys)("%s has help for itself and for every value in it", (key) => {
    const lacking = [...partsOf(schemas[key])].filter(({ help }) => help === undefined);
    expect(lacking.map((part) => part.path.join("."))).toEqual([]);
  });

  it.each(keys)("%s has a line in docs/configuration.md for itself and for every value in it", async (key) => {
    const page = await readFile(path("docs/configuration.md"), "utf8");
    expect(page).toContain(`### \`${key}\``);
    for (const part of partsOf(schemas[key])) {
      if (part.path.length === 0) continue;
      expect(page).toContain(`| \`${[key, ...part.path].join(".").replaceAll(".*", "[]")}`);
    }
  });

  it.each(keys)("%s accepts the example of each of its values", (key) => {
    for (const { help, schema, leaf, path: inside } of partsOf(schemas[key])) {
      if (!leaf || help?.example === undefined || inside.includes("kind")) continue;
      const values = [
        help.example,
        ...(/^(\d+|true|false)$/.test(help.example) ? [JSON.parse(help.example) as unknown] : []),
      ];
      expect(values.some((value) => z.safeParse(schema, value).success)).toBe(true);
    }
  });
});
