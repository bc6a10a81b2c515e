import { connectTo, type Answer } from "./connection.ts";
import { readCredentials, readEndpoint, readRegion, type Credentials } from "./environment.ts";
import { AwsError, ConnectionError } from "./errors.ts";
import { sign } from "./signature.ts";

/** A service that speaks AWS's JSON protocol (Smithy, "AWS JSON 1.0 protocol" and "AWS JSON 1.1 protocol"). */
export interface ServiceDescription {
  /** In the name of the variable that holds its address, `AWS_ENDPOINT_URL_…`. */
  readonly id: string;
  /** The first label of its public address, and its name in signatures. */
  readonly signingName: string;
  /** The first part of `X-Amz-Target`. */
  readonly target: string;
  readonly jsonVersion: "1.0" | "1.1";
}

/** Where a service is, if not where the environment of the process says. */
export interface Place {
  readonly region: string;
  readonly endpoint: URL;
  readonly credentials: Credentials;
}

/**
 * A client of one service. Region and address are read from the environment when it is created, credentials at each
 * request. It never sends a request twice: the caller knows which of its requests are safe to repeat.
 */
export interface JsonService {
  /**
   * @returns the document of the answer
   * @throws AwsError for an error that AWS answered
   * @throws ConnectionError if no complete answer came within `milliseconds`, or earlier if nothing moves
   */
  readonly send: (operation: string, input: object, milliseconds: number) => Promise<unknown>;
  readonly close: () => void;
}

/** AWS refuses signatures whose time differs by more than 5 minutes. A smaller difference is left alone. */
const CLOCK_TOLERANCE = 240_000;

export function createJsonService(
  { id, signingName, target, jsonVersion }: ServiceDescription,
  { region = readRegion(), endpoint = readEndpoint(id, signingName, region), credentials }: Partial<Place> = {},
): JsonService {
  const connection = connectTo(endpoint);
  const scope = { service: signingName, region };
  const common = { host: endpoint.host, "content-type": `application/x-amz-json-${jsonVersion}` };
  /** Milliseconds by which AWS's clock is ahead of this machine's. */
  let ahead = 0;

  /**
   * Whether the answer showed that its request was signed with a wrong clock: of concurrent requests, each is repeated.
   * @param used milliseconds by which the request's clock was ahead of this machine's
   */
  function correctClock({ date }: Answer["headers"], used: number): boolean {
    const difference = Date.parse(date ?? "") - Date.now();
    // False for an answer without a date, too.
    if (!(Math.abs(difference - used) > CLOCK_TOLERANCE)) return false;
    ahead = difference;
    return true;
  }

  return {
    async send(operation, input, milliseconds) {
      const body = JSON.stringify(input);
      const unsigned = { headers: { ...common, "x-amz-target": `${target}.${operation}` }, body };
      const used = ahead;
      const headers = await sign(scope, credentials ?? readCredentials(), unsigned, Date.now() + used);
      const answer = await connection.post(headers, body, milliseconds);
      if (answer.status === 200) return documentOf(answer);
      throw errorOf(answer, correctClock(answer.headers, used));
    },
    close: connection.close,
  };
}

const textOf = ({ body }: Answer): string => body.toString("utf8");

function documentOf(answer: Answer): object {
  let document: unknown;
  try {
    document = JSON.parse(textOf(answer));
  } catch (cause) {
    throw new ConnectionError("the answer is not JSON", { cause });
  }
  if (typeof document === "object" && document !== null && !Array.isArray(document)) return document;
  throw new ConnectionError("the answer is not a JSON object");
}

function errorOf(answer: Answer, isClockCorrected: boolean): AwsError {
  const fields = fieldsOf(answer);
  const [header] = [answer.headers["x-amzn-errortype"]].flat();
  const message = [fields["message"], fields["Message"]].find((one) => typeof one === "string");
  return new AwsError({
    // A front end or a proxy answers without a name.
    name: [fields["__type"], header, fields["code"], fields["Code"]].map(shapeName).find(Boolean) ?? "UnknownError",
    message: message ?? `AWS answered with the status ${answer.status}`,
    ...{ status: answer.status, fields, isClockCorrected },
  });
}

function fieldsOf(answer: Answer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(textOf(answer));
    return value !== null && typeof value === "object" ? { ...value } : {};
  } catch {
    return {};
  }
}

/** The name in `com.amazonaws.dynamodb.v20120810#ThrottlingException:https://…`: between namespace and URI. */
const shapeName = (type: unknown): string | undefined =>
  (typeof type === "string" && /^(?:[^#:]*#)?([^:#]+)/.exec(type)?.[1]) || undefined;
