import { DeleteTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { backUpTable, restoreTable, type TableBackup } from "../support/e2e/backup.ts";
import { startTenant, type Tenant } from "../../sandbox/tenant/tenant.ts";

const lines: string[] = [];
let tenant: Tenant;
let dynamodb: DynamoDBClient;

beforeAll(async () => {
  tenant = await startTenant({ stack: "dev", config: new Map(), port: 0, onLog: (line) => lines.push(line) });
  dynamodb = new DynamoDBClient({
    endpoint: tenant.cloud.dynamodbEndpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
});
afterAll(async () => {
  isOver = true;
  dynamodb.destroy();
  await tenant.close();
});

let isOver = false;
/** The traffic creates at most this many people at the same time. */
const AT_ONCE = 5;
const tokens = new Set<string>();
const token = (): string => {
  const text = String(tenant.outputs["scimToken"]);
  tokens.add(text);
  return text;
};
const ask = async (path: string, bearer: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${String(tenant.outputs["scimBaseUrl"])}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${bearer}`, "content-type": "application/scim+json" },
  });

const logged = z.looseObject({
  timestamp: z.iso.datetime(),
  level: z.enum(["INFO", "ERROR"]),
  requestId: z.string().min(1),
  operation: z.string(),
  status: z.number(),
  latencyMs: z.number(),
  tokenGeneration: z.number().optional(),
  dynamodb: z.object({
    requests: z.number(),
    readUnits: z.number(),
    writeUnits: z.number(),
    throttles: z.number(),
  }),
});
const records = (): z.infer<typeof logged>[] => lines.map((line) => logged.parse(JSON.parse(line)));
const metricsOf = (record: z.infer<typeof logged>): string[] =>
  ["Unauthorized", "PreviousToken", "Busy"].filter((metric) => record[metric] === 1);

describe("the rotation of the token under steady traffic", () => {
  it("returns no 401 and no 5xx to a client with Okta's token, and rejects the old token after the overlap", async () => {
    const first = token();
    let inOkta = first;
    const statuses = new Map<number, number>();
    const answers: Promise<void>[] = [];
    const count = (status: number): void => void statuses.set(status, (statuses.get(status) ?? 0) + 1);
    const created = (): number => statuses.get(201) ?? 0;
    /** Waits until this many more people were created. */
    const answered = async (more: number): Promise<void> => {
      const enough = created() + more;
      await vi.waitFor(() => expect(created()).toBeGreaterThanOrEqual(enough), { timeout: 60_000 });
    };
    const send = async (number: number): Promise<void> => {
      const read = await ask("/Users?count=5", inOkta);
      await read.arrayBuffer();
      count(read.status);
      const body = JSON.stringify({ userName: `steady.${number}@traffic.example`, displayName: "Steady Traffic" });
      const made = await ask("/Users", inOkta, { method: "POST", body });
      await made.arrayBuffer();
      count(made.status);
    };
    const traffic = (async () => {
      for (let number = 0; !isOver; number += 1) {
        answers.push(send(number));
        // A slow service gets no more requests at once than a fast one.
        await Promise.all([answers.at(-AT_ONCE), sleep(50)]);
      }
      await Promise.all(answers);
    })();

    await tenant.up({ tokenGeneration: "2" });
    const second = token();
    expect(second).not.toBe(first);
    // Between the deployment and the console step, Okta still has the old token.
    await answered(10);
    const typed = await tenant.org.admin.configureProvisioning(String(tenant.outputs["oktaAppId"]), {
      baseUrl: String(tenant.outputs["scimBaseUrl"]),
      token: second,
      actions: { pushNewUsers: true, pushProfileUpdates: true, pushGroups: true },
      toApp: { createUsers: true, updateUserAttributes: true, deactivateUsers: true },
      renameAppGroups: false,
    });
    expect(typed).toMatchObject({ ok: true });
    inOkta = second;
    // Requests that were sent with the old token are answered before the old token is rejected.
    await Promise.all(answers);
    await tenant.up({ tokenGeneration: "2", acceptPreviousToken: "false" });
    await answered(10);
    isOver = true;
    await traffic;

    expect([...statuses.keys()].sort()).toEqual([200, 201]);
    expect(created()).toBeGreaterThanOrEqual(20);
    expect((await ask("/Users?count=1", first)).status).toBe(401);
    expect((await ask("/Users?count=1", second)).status).toBe(200);
    const made = records().filter(({ operation, status }) => operation === "POST Users" && status === 201);
    expect(new Set(made.map(({ tokenGeneration }) => tokenGeneration))).toEqual(new Set([1, 2]));
  });

  it("counts the uses of the old token during its overlap only, and the rejections after it", () => {
    const all = records();
    const used = all.filter((record) => metricsOf(record).includes("PreviousToken"));
    expect(used.length).toBeGreaterThan(0);
    expect(new Set(used.map(({ tokenGeneration }) => tokenGeneration))).toEqual(new Set([1]));
    const refused = all.filter((record) => metricsOf(record).includes("Unauthorized"));
    expect(refused.map(({ status, operation }) => [status, operation])).toEqual([[401, "unauthenticated"]]);
    expect(refused[0]).toMatchObject({
      _aws: {
        CloudWatchMetrics: [
          {
            Namespace: "OktaScimDirectory",
            Dimensions: [["FunctionName"]],
            Metrics: [{ Name: "Unauthorized", Unit: "Count" }],
          },
        ],
      },
      FunctionName: expect.stringMatching(/^dev-function/) as string,
    });
  });
});

describe("the loss of the table", () => {
  /** Sorted, because the engine returns items and attributes in no order. */
  const sorted = ({ items }: TableBackup): string[] =>
    items.map((item) => JSON.stringify(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))).sort();

  it("ends with the same directory after a restore, and neither the next push nor the next deployment changes it", async () => {
    const { resources } = await tenant.engine.preview(tenant.config);
    const name = resources.find(({ type }) => type === "aws:dynamodb/table:Table")?.id ?? "";
    const backup = await backUpTable(dynamodb, name);
    expect(backup.items.length).toBeGreaterThan(50);
    const before = await (await ask("/Groups?count=200", token())).text();

    await dynamodb.send(new DeleteTableCommand({ TableName: name }));
    const lost = await ask("/Users?count=1", token());
    const { detail } = z.object({ detail: z.string() }).parse(await lost.json());
    expect(lost.status).toBe(500);
    const failure = records().at(-1);
    expect(detail).toContain(failure?.requestId);
    expect(failure).toMatchObject({ level: "ERROR", operation: "GET Users", status: 500 });

    await restoreTable(dynamodb, backup);
    expect(await (await ask("/Groups?count=200", token())).text()).toBe(before);
    const mappings = z.record(z.string(), z.looseObject({ mappingId: z.string() })).parse(tenant.outputs["pushGroups"]);
    const pushes = lines.length;
    for (const { mappingId } of Object.values(mappings)) tenant.org.admin.pushNow(mappingId);
    await tenant.org.idle();
    expect(
      records()
        .slice(pushes)
        .some(({ operation }) => /^(PUT|PATCH) Group$/.test(operation)),
    ).toBe(true);
    expect(sorted(await backUpTable(dynamodb, name))).toEqual(sorted(backup));
    const { summary } = await tenant.engine.up(tenant.config);
    expect(summary).toMatchObject({ create: 0, update: 0, replace: 0, delete: 0 });
    expect(sorted(await backUpTable(dynamodb, name))).toEqual(sorted(backup));
  });
});

describe("the log of a full run", () => {
  it("has one line per request, with its cost, and no token, password, address or name", async () => {
    const body = JSON.stringify({
      userName: "ann.secret@people.example",
      displayName: "Ann Unspeakable",
      name: { givenName: "Ann", familyName: "Unspeakable" },
      password: "correct-horse-battery",
      emails: [{ value: "ann.home@people.example" }],
    });
    const started = lines.length;
    expect((await ask("/Users", token(), { method: "POST", body })).status).toBe(201);
    expect((await ask("/Users", token(), { method: "POST", body })).status).toBe(409);
    await ask(`/Users?filter=${encodeURIComponent('userName eq "ann.secret@people.example"')}`, token());
    await ask("/Users/ann.secret@people.example", token());
    await ask("/ann.secret@people.example", "not-the-token-of-anyone");
    const [created, ...others] = records().slice(started);
    expect(created).toMatchObject({ operation: "POST Users", status: 201, tokenGeneration: 2 });
    // One transaction of user, name, listing and counter, each twice the unit of a plain write.
    expect(created?.dynamodb).toEqual({ requests: 1, readUnits: 0, writeUnits: 8, throttles: 0 });
    expect(others.map(({ status }) => status)).toEqual([409, 200, 404, 401]);

    const text = lines.join("\n");
    const users = z
      .object({ Resources: z.array(z.looseObject({ userName: z.string(), displayName: z.string().optional() })) })
      .parse(await (await ask("/Users?count=200", token())).json()).Resources;
    const groups = z
      .object({ Resources: z.array(z.looseObject({ displayName: z.string() })) })
      .parse(await (await ask("/Groups", token())).json()).Resources;
    const forbidden = [
      ...tokens,
      ...["not-the-token-of-anyone", "correct-horse-battery", "Ann Unspeakable", "Unspeakable"],
      ...users.flatMap(({ userName, displayName }) =>
        displayName === undefined ? [userName] : [userName, displayName],
      ),
      ...groups.map(({ displayName }) => displayName),
    ];
    expect(forbidden.length).toBeGreaterThan(20);
    expect(forbidden.filter((word) => text.includes(word))).toEqual([]);
    expect(text).not.toMatch(/[\w.+-]+@[\w-]+\.[a-z]+/i);
  });
});
