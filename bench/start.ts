import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { buildSync } from "esbuild";
import { z } from "zod";
import { createFunctionHost, type FunctionHost } from "../sandbox/aws/lambda/functionHost.ts";
import type { FunctionSpec } from "../sandbox/aws/lambda/functionSpec.ts";
import { Archive } from "../sandbox/engine/provider.ts";
import { median, spreadOf } from "./measure/measure.ts";
import { idOf, personOf } from "./operations/requests.ts";
import { startOurs } from "./contenders/ours.ts";
import { startPeer } from "./contenders/peer.ts";
import { row, type Row } from "./measure/rows.ts";

const TURNS = 30;
const WARM_UP = 2;
/** Upper bounds of the ratio of our start to that of an empty function: without and with a request to the database. */
const EMPTY = { config: 0.7, user: 1 };

const declared = z.object({
  code: z.instanceof(Archive),
  handler: z.string(),
  runtime: z.string(),
  memorySize: z.number(),
  timeout: z.number(),
  environment: z.object({ variables: z.record(z.string(), z.string()) }),
});

/** The size of the function, and the time from the start of a process to its first answer. */
export async function benchStart(options: {
  readonly withPeer: boolean;
  readonly progress: (text: string) => void;
}): Promise<Row[]> {
  const ours = await startOurs();
  const host = createFunctionHost({ region: "us-east-1", endpoint: ours.dynamodbEndpoint, onLog: () => undefined });
  try {
    const id = idOf(await ours.send({ method: "POST", path: "/Users", body: personOf(0) }));
    const { environment, ...inputs } = declared.parse(await ours.inputsOf("aws:lambda/function:Function"));
    const common: Omit<FunctionSpec, "name" | "code"> = {
      ...{ ...inputs, arn: "", reservedConcurrency: 1, environment: environment.variables },
      credentials: { accessKeyId: "bench", secretAccessKey: "bench" },
    };
    const empty = new Archive(new Map([["index.mjs", bundledEmpty()]]));
    host.deploy({ ...common, name: "ours", code: inputs.code });
    host.deploy({ ...common, name: "empty", code: empty });
    const { pathname } = new URL(ours.baseUrl);
    const firstAnswer = (name: string, path: string): Promise<number> =>
      timeFirstAnswer(host, name, eventOf(`${pathname}${path}`, ours.authorization));

    const times = { user: [] as number[], config: [] as number[], empty: [] as number[], peer: [] as number[] };
    options.progress(`first answer of ${TURNS} fresh processes`);
    for (let turn = 0; turn < WARM_UP + TURNS; turn += 1) {
      const one = {
        user: await firstAnswer("ours", `/Users/${id}`),
        config: await firstAnswer("ours", "/ServiceProviderConfig"),
        empty: await firstAnswer("empty", ""),
        ...(options.withPeer && { peer: await firstAnswerOfPeer() }),
      };
      if (turn < WARM_UP) continue;
      times.user.push(one.user);
      times.config.push(one.config);
      times.empty.push(one.empty);
      if (one.peer !== undefined) times.peer.push(one.peer);
    }
    const text = inputs.code.files.get("index.js") ?? "";
    const first = (what: string, mine: readonly number[], other: readonly number[], ratioBound?: number): Row =>
      row({
        ...{ name: `first answer of a fresh process: ${what}`, size: 1, unit: "ms p50", ours: median(mine) },
        ...(other.length > 0 && { peer: median(other), ratioSpread: spreadOf(mine, other) }),
        ...(ratioBound !== undefined && { ratioBound }),
      });
    return [
      row({ name: "bundle of the function", size: 1, unit: "kB", ours: Buffer.byteLength(text) / 1000 }),
      row({ name: "bundle of the function, compressed", size: 1, unit: "kB", ours: gzipSync(text).length / 1000 }),
      first("ServiceProviderConfig", times.config, times.peer),
      first("ServiceProviderConfig, beside an empty function", times.config, times.empty, EMPTY.config),
      first("a user of the database, beside an empty function", times.user, times.empty, EMPTY.user),
    ];
  } finally {
    await host.close();
    await ours.close();
  }
}

const answered = z.object({ statusCode: z.literal(200) });

/** Milliseconds from the start of a process to the answer of its first request. */
async function timeFirstAnswer(host: FunctionHost, name: string, event: object): Promise<number> {
  await host.kill();
  const started = performance.now();
  const invocation = await host.invoke(name, event);
  const elapsed = performance.now() - started;
  if (invocation.kind !== "answer") throw new Error(`${name} gave no answer`);
  answered.parse(JSON.parse(invocation.payload));
  return elapsed;
}

async function firstAnswerOfPeer(): Promise<number> {
  const started = performance.now();
  const peer = await startPeer();
  await peer.send({ method: "GET", path: "/ServiceProviderConfig" });
  const elapsed = performance.now() - started;
  await peer.close();
  return elapsed;
}

const eventOf = (rawPath: string, authorization: string): object => ({
  ...{ version: "2.0", routeKey: "$default", rawPath, rawQueryString: "", headers: { authorization } },
  requestContext: { http: { method: "GET", path: rawPath }, requestId: "bench" },
  isBase64Encoded: false,
});

/** The text of the empty handler, bundled as the function is. */
function bundledEmpty(): string {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL("emptyHandler.ts", import.meta.url))],
    ...{ bundle: true, minify: true, platform: "node", target: "node20", format: "esm", write: false },
    mainFields: ["module", "main"],
    // Credential providers that a function never uses, which the function's bundle also leaves out.
    external: [
      ...["sso", "ini", "process", "web-identity", "login", "http"].map((n) => `@aws-sdk/credential-provider-${n}`),
      ...["@smithy/credential-provider-imds", "@aws-sdk/nested-clients/*", "@aws-sdk/token-providers"],
    ],
    logLevel: "error",
  });
  return outputFiles.map(({ text }) => text).join("");
}
