import {
  environmentNames,
  eventEnvironment,
  type EventHandler,
  type EventReceiver,
  type PublicJwk,
  type ReceiverTokenHash,
  type SigningKey,
} from "../contract.ts";
import type { JsonObject, JsonValue } from "../model.ts";
import { checkAttributes, type AttributesSetting } from "../scim/schema/index.ts";
import { isObject } from "../scim/values/json.ts";

/** The environment does not match the function: the function serves nothing. */
class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";
  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(`The function's environment is wrong: ${problems.join("; ")}. Deploy the stack again.`, options);
  }
}

interface Variable<T> {
  readonly expected: string;
  /** Undefined if the text is not as expected. */
  readonly parse: (text: string) => T | undefined;
}

const text = (expected: string): Variable<string> => ({ expected, parse: (value) => value });
const url = (example: string): Variable<string> => ({
  expected: `an http or https URL such as ${example}`,
  parse: (value) => (/^https?:/.test(value) && URL.canParse(value) ? value.replace(/\/+$/, "") : undefined),
});
const list = <T>(expected: string, read: (item: JsonObject) => T | undefined): Variable<readonly T[]> => ({
  expected: `a JSON array such as ${expected}`,
  parse(value) {
    const items = parseJson(value);
    if (!Array.isArray(items)) return undefined;
    const parsed = items.flatMap((item) => (isObject(item) ? (read(item) ?? []) : []));
    return parsed.length === items.length ? parsed : undefined;
  },
});

const variables = {
  eventIssuer: url("https://example.com/api/v1/events"),
  baseUrl: url("https://example.com/api/v1/scim"),
  eventReceivers: list('[{"name":"hr","id":"3f9a0c11","delivery":"poll","mode":"notice"}]', readReceiver),
  feedTableName: text("the name of the table of the feeds"),
  signingKeys: oneSigns(list('[{"kid":"…","jwk":{"kty":"EC","crv":"P-256","x":"…","y":"…"},"signs":true}]', readKey)),
  receiverTokenHashes: list('[{"name":"hr","generation":1,"sha256":"<64 hexadecimal digits>"}]', readReceiverToken),
  tokenHashes: list('[{"generation":1,"sha256":"<64 hexadecimal digits>"}]', readToken),
  pushQueueUrl: url("https://sqs.us-east-1.amazonaws.com/123456789012/name.fifo"),
  pushTargetsParameter: text("the name of the parameter with the addresses of the receivers"),
  pushTargetsVersion: text("the version of that parameter"),
  eventBusName: text("the name of the event bus"),
  eventsSource: text("the source of the entries on the event bus"),
  attributes: { expected: '"iru", "standard" or a JSON array of known attribute paths', parse: readAttributes },
} as const;

type Values = { readonly [K in keyof typeof variables]: NonNullable<ReturnType<(typeof variables)[K]["parse"]>> };
type Required<H extends EventHandler> = (typeof eventEnvironment)[H]["required"][number];
type Optional<H extends EventHandler> = (typeof eventEnvironment)[H]["optional"][number];

/** The settings of one of the functions, as the stack declares them. */
export type Environment<H extends EventHandler> = Pick<Values, Required<H>> & Partial<Pick<Values, Optional<H>>>;

/** Reads the variables that `eventEnvironment` lists for the function. Throws an `EnvironmentError` that names every wrong one. */
export function readEnvironment<H extends EventHandler>(
  handler: H,
  env: Readonly<Record<string, string | undefined>>,
): Environment<H> {
  const { required, optional } = eventEnvironment[handler];
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const key of [...required, ...optional]) {
    const name = environmentNames[key];
    const { expected, parse } = variables[key];
    const given = env[name];
    const value = given ? parse(given) : undefined;
    if (value !== undefined) values[key] = value;
    else if (given) problems.push(`${name} must be ${expected}`);
    else if (required.some((one) => one === key)) problems.push(`${name} is missing; it must be ${expected}`);
  }
  if (problems.length > 0) throw new EnvironmentError(problems);
  // Every required variable has its value, by the loop above.
  return values as Environment<H>;
}

function parseJson(value: string): JsonValue | undefined {
  try {
    return JSON.parse(value) as JsonValue;
  } catch {
    return undefined;
  }
}

function readReceiver({ name, id, delivery, mode }: JsonObject): EventReceiver | undefined {
  if (typeof name !== "string" || name === "" || typeof id !== "string" || id === "") return undefined;
  if ((delivery !== "poll" && delivery !== "push") || (mode !== "notice" && mode !== "full")) return undefined;
  return { name, id, delivery, mode };
}

function readKey({ kid, keyArn, jwk, signs }: JsonObject): SigningKey | undefined {
  const key = isObject(jwk) ? readJwk(jwk) : undefined;
  if (typeof kid !== "string" || key === undefined || typeof signs !== "boolean") return undefined;
  return { kid, jwk: key, signs, ...(typeof keyArn === "string" && { keyArn }) };
}

function readJwk({ kty, crv, x, y }: JsonObject): PublicJwk | undefined {
  const isKey = kty === "EC" && crv === "P-256" && typeof x === "string" && typeof y === "string";
  return isKey ? { kty, crv, x, y } : undefined;
}

function oneSigns({ expected, parse }: Variable<readonly SigningKey[]>): Variable<readonly SigningKey[]> {
  return {
    expected: `${expected}, of which one signs`,
    parse(value) {
      const keys = parse(value);
      return keys?.filter(({ signs }) => signs).length === 1 ? keys : undefined;
    },
  };
}

const isHash = (value: JsonValue | undefined): value is string =>
  typeof value === "string" && /^[0-9a-f]{64}$/i.test(value);

function readToken({ generation, sha256 }: JsonObject): Omit<ReceiverTokenHash, "name"> | undefined {
  return typeof generation === "number" && isHash(sha256) ? { generation, sha256 } : undefined;
}

function readReceiverToken(item: JsonObject): ReceiverTokenHash | undefined {
  const { name } = item;
  const token = readToken(item);
  return typeof name === "string" && token !== undefined ? { name, ...token } : undefined;
}

function readAttributes(value: string): AttributesSetting | undefined {
  const parsed = parseJson(value);
  if (parsed === "iru" || parsed === "standard") return parsed;
  if (!Array.isArray(parsed)) return undefined;
  const paths = parsed.filter((path) => typeof path === "string");
  return paths.length === parsed.length && checkAttributes(paths).length === 0 ? paths : undefined;
}
