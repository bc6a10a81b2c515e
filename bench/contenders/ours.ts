import { setTimeout as sleep } from "node:timers/promises";
import { startTenant, type Tenant } from "../../sandbox/tenant/tenant.ts";
import { z } from "zod";
import { Archive } from "../../sandbox/engine/provider.ts";
import { consumption, type Contender, type Request } from "../measure/measure.ts";

export interface Ours extends Contender {
  readonly baseUrl: string;
  readonly authorization: string;
  /** DynamoDB without the guard. */
  readonly dynamodbEndpoint: string;
  /** The declared inputs of the program's only resource of a type. */
  inputsOf(type: string): Promise<unknown>;
  /** How often a request was sent until it succeeded: more than once after a 429. */
  sendUntilDone(request: Request): Promise<number>;
  /** Replaces the function's deployed version by the declared one with changes. */
  redeploy(changes: Redeployment): Promise<void>;
  /** Delays each of DynamoDB's answers by that many milliseconds. */
  delayDynamoDb(delayMs: number): void;
  close(): Promise<void>;
}

/** Changes of the deployed function. */
export interface Redeployment {
  /** The code, from that of this checkout. */
  readonly code?: (code: Archive) => Archive;
  /** Megabytes. */
  readonly memorySize?: number;
  /** Variables in addition to the declared ones. */
  readonly environment?: Readonly<Record<string, string>>;
}

const FUNCTION = "aws:lambda/function:Function";
const declared = z.looseObject({
  name: z.string(),
  code: z.instanceof(Archive),
  memorySize: z.number(),
  environment: z.looseObject({ variables: z.record(z.string(), z.string()) }),
});

/** Replaces the deployed version of the tenant's function by the declared one with changes. */
function redeployOf({ engine, config, cloud }: Tenant): (changes: Redeployment) => Promise<void> {
  const declaration = async (): Promise<z.output<typeof declared>> => {
    const { resources } = await engine.preview(config);
    return declared.parse(resources.find(({ type }) => type === FUNCTION)?.inputs);
  };
  let inputs: ReturnType<typeof declaration> | undefined;
  return async (changes) => {
    const { name, code, memorySize, environment, ...rest } = await (inputs ??= declaration());
    await cloud.provider.resources[FUNCTION]?.update(
      name,
      {},
      {
        ...rest,
        name,
        code: changes.code?.(code) ?? code,
        memorySize: changes.memorySize ?? memorySize,
        environment: { variables: { ...environment.variables, ...changes.environment } },
      },
    );
  };
}

/**
 * The `dev` tenant's service in the sandbox's gateway, function host and DynamoDB, after its first deployment: no org
 * works during the measurement. With `code`, that code serves instead of this checkout's.
 */
export async function startOurs(code?: Archive): Promise<Ours> {
  const tenant = await startTenant({
    stack: "dev",
    config: new Map([
      ["connection", "pending"],
      ["throttle", '{"ratePerSecond":10000,"burst":5000}'],
    ]),
    port: 0,
  });
  const { cloud } = tenant;
  const redeploy = redeployOf(tenant);
  if (code !== undefined) await redeploy({ code: () => code });
  const base = String(tenant.outputs["scimBaseUrl"]);
  const authorization = String(tenant.outputs["scimAuthorization"]);
  const headers = {
    authorization,
    "content-type": "application/scim+json",
  };

  async function sendUntilDone({ method, path, body }: Request): Promise<{ sent: number; body: unknown }> {
    for (let sent = 1; ; sent += 1) {
      const text = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await fetch(`${base}${path}`, { method, headers, ...text });
      const answer = await response.text();
      if (response.ok) return { sent, body: answer === "" ? undefined : (JSON.parse(answer) as unknown) };
      if (response.status !== 429) throw new Error(`${method} ${path} answered ${response.status} ${answer}`);
      await sleep(Number(response.headers.get("retry-after") ?? 1) * 1_000);
    }
  }

  return {
    baseUrl: base,
    authorization,
    dynamodbEndpoint: cloud.dynamodbEndpoint,
    inputsOf: async (type) => {
      const { resources } = await tenant.engine.preview(tenant.config);
      return resources.find((resource) => resource.type === type)?.inputs;
    },
    send: async (request) => (await sendUntilDone(request)).body,
    sendUntilDone: async (request) => (await sendUntilDone(request)).sent,
    cpu: () => cloud.functionUsage().reduce((sum, { cpu }) => sum + cpu, 0) / 1_000,
    peakMemory: async () => Math.max(0, ...cloud.functionUsage().map(({ peakMemory }) => peakMemory)),
    restart: () => cloud.killFunctions(),
    consumed: () => consumption(cloud),
    redeploy,
    delayDynamoDb: (delayMs) => (cloud.faults = () => ({ delayMs })),
    close: () => tenant.close(),
  };
}
