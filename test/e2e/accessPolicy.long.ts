import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { copyOfProject, npmStartIn } from "../support/e2e/support.ts";

it("returns an error and names the action that the declared policy lacks", async () => {
  const copy = await copyOfProject();
  try {
    const file = join(copy.folder, "lambda/accessPatterns.ts");
    const declared = await readFile(file, "utf8");
    const without = declared.replaceAll('"UpdateItem", ', "");
    expect(without).not.toBe(declared);
    await writeFile(file, without);
    const tenant = await npmStartIn(copy.folder, "--show-secrets");
    try {
      const created = await tenant.scim("POST", "/Users", { userName: "nobody@example.org" });
      expect(created.status).toBe(500);
      expect(created.body).toMatchObject({ status: "500", detail: expect.stringContaining("Request id:") as string });
      const notices = tenant
        .text()
        .split("\n")
        .filter((line) => line.includes("does not allow dynamodb:UpdateItem on arn:aws:dynamodb:"));
      expect(notices).toHaveLength(1);
    } finally {
      await tenant.stop();
    }
  } finally {
    await copy.remove();
  }
});
