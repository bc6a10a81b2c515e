import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { describe, expect, it, vi } from "vitest";
import type { Cloud } from "../../../sandbox/aws/index.ts";
import { startDynamoDb } from "../../../sandbox/aws/dynamodb/engine.ts";
import { listen, shut } from "../../../sandbox/support/http.ts";
import { create, declareService, startTestCloud, TRUST } from "../../support/sandbox/aws/stack.ts";

const answers = (endpoint: string): Promise<boolean> =>
  fetch(endpoint).then(
    () => true,
    () => false,
  );

const TABLE = {
  name: "users",
  billingMode: "PAY_PER_REQUEST",
  hashKey: "pk",
  attributes: [{ name: "pk", type: "S" }],
};

describe("the DynamoDB engine", () => {
  it("dies when its parent is killed with SIGKILL", async () => {
    const script = fileURLToPath(new URL("../../support/sandbox/aws/parent.ts", import.meta.url));
    const parent = spawn(process.execPath, ["--import", "tsx", script], { stdio: ["ignore", "pipe", "inherit"] });
    const endpoint = await new Promise<string>((resolve) =>
      parent.stdout.once("data", (data: Buffer) => resolve(data.toString().trim())),
    );
    expect(await answers(endpoint)).toBe(true);
    parent.kill("SIGKILL");
    await expect.poll(() => answers(endpoint)).toBe(false);
  });

  it("uses the engine that DYNAMODB_ENDPOINT names and does not end it", async () => {
    const own = await startDynamoDb({});
    try {
      const given = await startDynamoDb({ DYNAMODB_ENDPOINT: `${own.endpoint}/` });
      expect(given.endpoint).toBe(own.endpoint);
      await given.close();
      expect(await answers(own.endpoint)).toBe(true);
    } finally {
      await own.close();
    }
    expect(await answers(own.endpoint)).toBe(false);
    await expect(startDynamoDb({ DYNAMODB_ENDPOINT: own.endpoint })).rejects.toThrow(
      "(DYNAMODB_ENDPOINT). Start it there, or unset the variable.",
    );
  });
});

describe("the cloud", () => {
  it("fails with EADDRINUSE when the gateway's port is taken, leaving nothing behind", async () => {
    const server = createServer();
    const port = await listen(server, 0);
    await expect(startTestCloud({ port })).rejects.toMatchObject({ code: "EADDRINUSE" });
    await shut(server);
  });

  it("deletes its own tables on a shared engine, and leaves the tables of others", async () => {
    const shared = await startDynamoDb({});
    vi.stubEnv("DYNAMODB_ENDPOINT", shared.endpoint);
    const make = (cloud: Cloud, name: string) =>
      create(cloud, "aws:dynamodb/table:Table", { ...TABLE, name, deletionProtectionEnabled: true });
    try {
      const [one, other] = [await startTestCloud(), await startTestCloud()];
      await make(one, "mine");
      await make(other, "theirs");
      expect([one.tableNames(), other.tableNames()]).toEqual([["mine"], ["theirs"]]);
      await one.close();
      const client = new DynamoDBClient({
        endpoint: shared.endpoint,
        region: "us-east-1",
        credentials: { accessKeyId: "x", secretAccessKey: "x" },
      });
      expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual(["theirs"]);
      await other.close();
      expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual([]);
      client.destroy();
    } finally {
      vi.unstubAllEnvs();
      await shared.close();
    }
  });

  it("starts none of the services for events before a resource needs one", async () => {
    const cloud = await startTestCloud();
    try {
      await declareService(cloud, "plain", {
        code: "export const handler = async () => Object.keys(process.env).join();",
      });
      expect([cloud.servicesUrl(), cloud.deliveries(), cloud.busNames()]).toEqual([undefined, [], []]);
      await create(cloud, "aws:kms/key:Key", {});
      expect(cloud.servicesUrl()).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    } finally {
      await cloud.close();
    }
  });

  it("leaves no process after close", async () => {
    const cloud = await startTestCloud();
    const { url } = await declareService(cloud, "pid", { code: "export const handler = async () => process.pid;" });
    const pid = Number(await (await fetch(`${url}/p/x`)).text());
    expect(process.kill(pid, 0)).toBe(true);
    await cloud.close();
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
    expect(await answers(cloud.dynamodbEndpoint)).toBe(false);
    expect(await answers(cloud.gatewayUrl)).toBe(false);
  });

  it("creates tables, protects them and reports what AWS would refuse", async () => {
    const cloud = await startTestCloud();
    const type = "aws:dynamodb/table:Table";
    const handler = cloud.provider.resources[type];
    try {
      await expect(create(cloud, type, { ...TABLE, name: "ab" })).rejects.toThrow("3 to 255");
      await expect(create(cloud, type, { ...TABLE, hashKey: "id" })).rejects.toThrow(
        "the key id is not among the attributes",
      );
      const inputs = {
        ...TABLE,
        ttl: { attributeName: "ttl", enabled: true },
        pointInTimeRecovery: { enabled: true },
        deletionProtectionEnabled: true,
      };
      const { id, outputs } = await create(cloud, type, inputs);
      expect([id, outputs["arn"]]).toEqual(["users", "arn:aws:dynamodb:us-east-1:000000000000:table/users"]);
      await expect(handler?.delete(id, outputs)).rejects.toThrow(/protect/i);
      const index = { name: "byName", hashKey: "name", projectionType: "ALL" };
      const attributes = [...TABLE.attributes, { name: "name", type: "S" }];
      const changed = { ...inputs, attributes, globalSecondaryIndexes: [index], deletionProtectionEnabled: false };
      const updated = await handler?.update(id, outputs, changed);
      expect(updated).toEqual({ ...changed, arn: outputs["arn"], streamArn: "", streamLabel: "" });
      await handler?.delete(id, updated ?? {});
      expect(await handler?.read(id, updated ?? {})).toBeUndefined();
    } finally {
      await cloud.close();
    }
  });

  it("refuses functions without a role that Lambda may assume, and policies of unknown roles", async () => {
    const cloud = await startTestCloud();
    try {
      const policy = { Version: "2012-10-17", Statement: [] };
      await expect(
        create(cloud, "aws:iam/rolePolicy:RolePolicy", { name: "p", role: "nobody", policy }),
      ).rejects.toThrow("role with name nobody");
      const trust = TRUST.replace("lambda", "ec2");
      const { outputs } = await create(cloud, "aws:iam/role:Role", { name: "r", assumeRolePolicy: trust });
      const fn = { name: "f", role: outputs["arn"] };
      await expect(create(cloud, "aws:lambda/function:Function", fn)).rejects.toThrow("code is an archive");
      const permission = { function: "f", action: "lambda:InvokeFunction", principal: "apigateway.amazonaws.com" };
      await expect(create(cloud, "aws:lambda/permission:Permission", permission)).rejects.toThrow(
        "Function not found: f",
      );
    } finally {
      await cloud.close();
    }
  });

  it("returns region and account", async () => {
    const cloud = await startTestCloud({ region: "eu-central-1" });
    const { functions } = cloud.provider;
    expect(await functions["aws:index/getRegion:getRegion"]?.({})).toMatchObject({ region: "eu-central-1" });
    expect(await functions["aws:index/getCallerIdentity:getCallerIdentity"]?.({})).toMatchObject({
      accountId: "000000000000",
    });
    await cloud.close();
  });
});
