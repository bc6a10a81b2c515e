import * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";
import { UserError } from "../../../components/config/errors.ts";

it("a UserError keeps its message when a resource waits for a value that it prevents", async () => {
  const serialize = (error: Error): Promise<unknown> =>
    pulumi.runtime.serializeProperties("resource", { appId: Promise.reject(error) });
  await expect(serialize(new Error("refused"))).rejects.toThrow('error serializing property "appId": refused');
  await expect(serialize(new UserError("refused"))).rejects.toThrow(/^refused$/);
});
