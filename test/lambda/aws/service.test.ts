import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readEndpoint } from "../../../lambda/aws/environment.ts";
import { AwsEnvironmentError, AwsError, ConnectionError } from "../../../lambda/aws/errors.ts";
import { createJsonService, type JsonService } from "../../../lambda/aws/service.ts";

type Answering = (request: IncomingMessage, response: ServerResponse) => void;
let answer: Answering;
let sockets: Set<unknown>;
let server: ReturnType<typeof createServer>;
let service: JsonService;
const keys = { id: "KMS", signingName: "kms", target: "TrentService", jsonVersion: "1.1" } as const;

beforeEach(async () => {
  sockets = new Set();
  server = createServer((request, response) => {
    sockets.add(request.socket);
    request.resume().once("end", () => answer(request, response));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  vi.stubEnv("AWS_ENDPOINT_URL_KMS", `http://127.0.0.1:${address.port}`);
  vi.stubEnv("AWS_REGION", "eu-west-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "key");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "not-a-secret");
  vi.stubEnv("AWS_SESSION_TOKEN", "token");
  service = createJsonService(keys);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
  service.close();
  server.close();
  server.closeAllConnections();
});

const json =
  (status: number, document: unknown, headers: Record<string, string> = {}): Answering =>
  (_, response) =>
    void response.writeHead(status, headers).end(typeof document === "string" ? document : JSON.stringify(document));
const send = (milliseconds = 2_000): Promise<unknown> => service.send("Sign", { KeyId: "k" }, milliseconds);
const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "no error",
    (error: unknown) => error,
  );

it("speaks the JSON protocol of any service", async () => {
  let seen: IncomingMessage | undefined;
  answer = (request, response) => {
    seen = request;
    json(200, { Signature: "ü" })(request, response);
  };
  expect(await send()).toEqual({ Signature: "ü" });
  expect(seen).toMatchObject({ method: "POST", url: "/" });
  expect(seen?.headers).toMatchObject({
    "content-type": "application/x-amz-json-1.1",
    "content-length": "13",
    "x-amz-target": "TrentService.Sign",
    "x-amz-security-token": "token",
    authorization: expect.stringMatching(/Credential=key\/\d{8}\/eu-west-1\/kms\/aws4_request/) as unknown,
  });
});

it("keeps its connection, also after an error of AWS", async () => {
  answer = json(400, {});
  for (let time = 0; time < 3; time += 1) await failure(send());
  expect(sockets.size).toBe(1);
});

describe("an error of AWS", () => {
  it.each<[string, unknown, Record<string, string>, string, string]>([
    ["in the form of JSON 1.0", { __type: "com.amazonaws.x.v1#GoneException", message: "m" }, {}, "GoneException", "m"],
    ["with a URI", { __type: "GoneException:http://aws/", Message: "M" }, {}, "GoneException", "M"],
    ["in a header", "", { "x-amzn-errortype": "GoneException:" }, "GoneException", "AWS answered with the status 400"],
    ["as a code", { code: "GoneException" }, {}, "GoneException", "AWS answered with the status 400"],
    ["as a Code", { Code: "GoneException" }, {}, "GoneException", "AWS answered with the status 400"],
    ["without a name", "<html>", {}, "UnknownError", "AWS answered with the status 400"],
    ["that is not an object", "null", {}, "UnknownError", "AWS answered with the status 400"],
  ])("%s has its name and message", async (_, document, headers, name, message) => {
    answer = json(400, document, headers);
    const error = await failure(send());
    expect(error).toBeInstanceOf(AwsError);
    expect(error).toMatchObject({ name, message, status: 400 });
  });

  it("holds the other members of the answer", async () => {
    answer = json(400, { __type: "TransactionCanceledException", CancellationReasons: [{ Code: "None" }] });
    expect(await failure(send())).toMatchObject({ fields: { CancellationReasons: [{ Code: "None" }] } });
  });
});

describe("there is no complete answer", () => {
  it.each<[string, Answering]>([
    ["none comes in time", () => undefined],
    [
      "its body does not end in time",
      (_, response) => void response.writeHead(200, { "content-length": 9 }).write("{"),
    ],
  ])("%s", async (_, answering) => {
    answer = answering;
    const error = await failure(send(60));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({ message: "no complete answer in 60 ms" });
  });

  it.each<[string, Answering]>([
    ["the connection ends", (request) => void request.socket.destroy()],
    [
      "its body breaks off",
      (request, response) => {
        response.writeHead(200, { "content-length": 9 });
        response.write("{", () => request.socket.destroy());
      },
    ],
    ["it is not HTTP", (request) => void request.socket.end("SSH-2.0-OpenSSH\r\n")],
    ["it is not JSON", json(200, "{")],
    ["it is empty", json(200, "")],
  ])("%s", async (_, answering) => {
    answer = answering;
    const error = await failure(send());
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toHaveProperty("cause", expect.any(Error));
  });

  it("nobody listens", async () => {
    const free = createServer();
    await once(free.listen(0, "127.0.0.1"), "listening");
    const address = free.address();
    const port = address !== null && typeof address === "object" ? address.port : 0;
    free.close();
    const other = createJsonService(keys, { endpoint: new URL(`http://127.0.0.1:${port}`) });
    expect(await failure(other.send("Sign", {}, 2_000))).toBeInstanceOf(ConnectionError);
    other.close();
  });
});

it("never sends a request twice, and opens a new connection after one that broke", async () => {
  let count = 0;
  answer = (request, response) =>
    (count += 1) === 2 ? void request.socket.destroy() : json(200, {})(request, response);
  await send();
  expect(await failure(send())).toBeInstanceOf(ConnectionError);
  await send();
  expect(count).toBe(3);
  expect(sockets.size).toBe(2);
});

it("does not use a connection again that was idle for more than a minute, as in a frozen process", async () => {
  answer = json(200, {});
  vi.useFakeTimers({ toFake: ["Date"] });
  await send();
  vi.setSystemTime(Date.now() + 59_000);
  await send();
  expect(sockets.size).toBe(1);
  vi.setSystemTime(Date.now() + 61_000);
  await send();
  expect(sockets.size).toBe(2);
});

it("signs with AWS's time as soon as an answer showed that the clock is wrong", async () => {
  const dates: (string | string[] | undefined)[] = [];
  const skewed = (request: IncomingMessage, response: ServerResponse): void => {
    dates.push(request.headers["x-amz-date"]);
    json(400, { __type: "#InvalidSignatureException" }, { date: "Sat, 01 Jan 2050 00:00:00 GMT" })(request, response);
  };
  answer = skewed;
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2049-12-31T12:00:00Z") });
  expect(await failure(send())).toMatchObject({ isClockCorrected: true });
  expect(await failure(send())).toMatchObject({ isClockCorrected: false });
  expect(dates).toEqual(["20491231T120000Z", "20500101T000000Z"]);
});

it("shows each of concurrent requests that the clock was wrong, and again after the clock jumped back", async () => {
  const refused = json(400, { __type: "#RequestTimeTooSkewed" }, { date: "Sat, 01 Jan 2050 00:00:00 GMT" });
  answer = refused;
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2049-12-31T12:00:00Z") });
  const wrong = Array.from({ length: 4 }, () => expect.objectContaining({ isClockCorrected: true }) as unknown);
  const four = (): Promise<unknown[]> => Promise.all(wrong.map(() => failure(send())));
  expect(await four()).toEqual(wrong);
  vi.setSystemTime(Date.parse("2050-01-01T00:00:00Z"));
  expect(await four()).toEqual(wrong);
  expect(await failure(send())).toMatchObject({ isClockCorrected: false });
});

it.each(["null", "42", "[]"])("takes the answer %s for no answer", async (document) => {
  answer = json(200, document);
  expect(await failure(send())).toMatchObject({ name: "ConnectionError", message: "the answer is not a JSON object" });
});

it.each(["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])("names the variables if %s is missing", async (name) => {
  vi.stubEnv(name, undefined);
  const error = await failure(send());
  expect(error).toBeInstanceOf(AwsEnvironmentError);
  expect(error).toHaveProperty("message", expect.stringContaining(name));
});

it("names the variable if there is no region", () => {
  vi.stubEnv("AWS_REGION", undefined);
  expect(() => createJsonService(keys)).toThrow("AWS_REGION");
});

it.each([
  "us-east-1",
  "us-gov-west-1",
  "cn-north-1",
  "eusc-de-east-1",
  "us-iso-east-1",
  "us-isob-east-1",
  "us-isof-south-1",
  "eu-isoe-west-1",
])("has the address that the AWS SDK has in %s", (region) => {
  const { endpointProvider } = new DynamoDBClient({ region }).config;
  expect(readEndpoint("DYNAMODB", "dynamodb", region).href).toBe(endpointProvider({ Region: region }).url.href);
});

it("takes the address for all services if the service has none of its own", () => {
  vi.stubEnv("AWS_ENDPOINT_URL", "http://localhost:4566");
  expect(readEndpoint("SQS", "sqs", "eu-west-1").href).toBe("http://localhost:4566/");
  expect(readEndpoint("KMS", "kms", "eu-west-1").href).toBe(`${String(process.env["AWS_ENDPOINT_URL_KMS"])}/`);
});
