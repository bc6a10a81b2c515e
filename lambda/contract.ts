import { requiredActions } from "./accessPatterns.ts";
import { feedActions, feedTable } from "./feedTable.ts";
import { directoryTable } from "./table.ts";

/**
 * The contract between the infrastructure and the function: everything that `components/` must know to deploy and to
 * observe the service. The function reads the same constants.
 */
export { directoryTable, feedActions, feedTable, requiredActions };

/** The path of the service on its host. */
export const BASE_PATH = "/api/v1/scim";

/**
 * The paths that the gateway routes to the function, so that errors are the function's own SCIM errors: the base URL itself
 * and everything below it. A route key must not end in a slash; `{proxy+}` takes the base URL with one.
 */
export const routePaths = { base: BASE_PATH, below: `${BASE_PATH}/{proxy+}` } as const;

/** The path of the change events (RFC 9967) on the same host. */
export const EVENTS_PATH = "/api/v1/events";

/**
 * The paths that the gateway routes to the function `feed`, with any method, so that errors are the function's own: the address
 * that a receiver polls (RFC 8936), and the public keys of the signatures (RFC 7517).
 */
export const eventRoutes = { poll: `${EVENTS_PATH}/{receiver}`, keys: `${EVENTS_PATH}/keys` } as const;

/** The handlers of the change events, in one bundle of `lambda/handler/events.ts`. */
export const eventHandlers = ["publish", "feed", "push", "observe"] as const;
export type EventHandler = (typeof eventHandlers)[number];

/** The names of the environment variables that the functions read. */
export const environmentNames = {
  /** The name of the directory's table. */
  tableName: "TABLE_NAME",
  /** The public base URL, which resource locations start with. */
  baseUrl: "BASE_URL",
  /** A JSON array of `TokenHash`. */
  tokenHashes: "TOKEN_HASHES",
  /** The retained attributes: `"iru"`, `"standard"` or a JSON array of attribute paths. */
  attributes: "ATTRIBUTES",
  /** `"1"` if the stack declares change events. */
  events: "EVENTS",
  /** The `iss` of the SETs: the public URL that ends in `EVENTS_PATH`. */
  eventIssuer: "EVENT_ISSUER",
  /** A JSON array of `EventReceiver`. */
  eventReceivers: "EVENT_RECEIVERS",
  feedTableName: "FEED_TABLE_NAME",
  /** A JSON array of `SigningKey`, of which exactly one signs. */
  signingKeys: "SIGNING_KEYS",
  /** A JSON array of `ReceiverTokenHash`. */
  receiverTokenHashes: "RECEIVER_TOKEN_HASHES",
  /** Only with receivers of push. */
  pushQueueUrl: "PUSH_QUEUE_URL",
  /** The name of the SSM parameter (SecureString) that holds `PushTargets` as JSON; only with receivers of push. */
  pushTargetsParameter: "PUSH_TARGETS_PARAMETER",
  /** The version of that parameter: with another one, Lambda starts new processes, which keep no older address. */
  pushTargetsVersion: "PUSH_TARGETS_VERSION",
  /** Only with an event bus. */
  eventBusName: "EVENT_BUS_NAME",
  /** The `Source` of the entries on the event bus; only with an event bus. */
  eventsSource: "EVENTS_SOURCE",
} as const;

/** The environment variables that each function of the change events reads; those in `optional` may be absent. */
export const eventEnvironment = {
  publish: {
    required: ["eventIssuer", "eventReceivers", "feedTableName", "signingKeys", "baseUrl", "attributes"],
    optional: ["pushQueueUrl", "eventBusName", "eventsSource"],
  },
  // Tokens of the directory and its readers are told apart from unknown ones: 403, not 401.
  feed: {
    required: ["eventReceivers", "feedTableName", "signingKeys", "receiverTokenHashes", "tokenHashes"],
    optional: [],
  },
  push: { required: ["pushQueueUrl", "pushTargetsParameter", "pushTargetsVersion"], optional: [] },
  observe: { required: ["eventReceivers", "feedTableName"], optional: [] },
} as const satisfies Record<EventHandler, Record<"required" | "optional", readonly (keyof typeof environmentNames)[]>>;

/** An accepted token, by the SHA-256 of its text in lower-case hexadecimal. */
export interface TokenHash {
  readonly generation: number;
  readonly sha256: string;
  /** The name of the system that may only read with this token; absent for the token that may do everything. */
  readonly reader?: string | undefined;
}

/** Somebody who is told of changes. */
export interface EventReceiver {
  /** Also the last part of its `aud`, and of the address that it polls. */
  readonly name: string;
  /** A receiver that is removed and added again has another one. */
  readonly id: string;
  readonly delivery: "poll" | "push";
  /** Whether an event carries the changed data, or only the names of the changed attributes. */
  readonly mode: "notice" | "full";
}

/** The key under which events wait for a receiver. A name has no dot. */
export const feedOf = ({ name, id }: Pick<EventReceiver, "name" | "id">): string => `${name}.${id}`;

/** An ES256 key of the issuer. */
export interface SigningKey {
  /** The RFC 7638 thumbprint of `jwk`. */
  readonly kid: string;
  /** The KMS key; only needed by the function that signs. */
  readonly keyArn?: string;
  readonly jwk: PublicJwk;
  /** Whether it signs what is published now. The others are published so that signatures can be checked. */
  readonly signs: boolean;
}

/** The public half of a P-256 key (RFC 7517, RFC 7518 §6.2.1). */
export interface PublicJwk {
  readonly kty: "EC";
  readonly crv: "P-256";
  readonly x: string;
  readonly y: string;
}

/** An accepted token of a receiver; see `TokenHash`. */
export interface ReceiverTokenHash extends Pick<TokenHash, "generation" | "sha256"> {
  readonly name: string;
}

/** Where the receivers of push are, by `feedOf`. `authorization` is the whole value of the header. */
export type PushTargets = Readonly<Record<string, { readonly url: string; readonly authorization?: string }>>;

/** Namespace of the metrics in CloudWatch. Their only dimension is `FunctionName`, as for Lambda's own metrics. */
export const METRICS_NAMESPACE = "OktaScimDirectory";

/** Counts for which Lambda, API Gateway and DynamoDB have no metric. */
export type Metric = "Unauthorized" | "PreviousToken" | "PreviousReaderToken" | "Busy";

/**
 * Metrics of the change events, in the same namespace, with the dimensions `FunctionName` and `Receiver`: seconds since the
 * oldest event that a receiver has not acknowledged was written (0 if there is none), how many there are (10,000 at most
 * are counted), and events that a receiver rejected with `setErrs` (RFC 8936 §2.6) or answered with 400 (RFC 8935 §2.3);
 * and polls with the token of an earlier generation than the current one.
 */
export type EventMetric = "EventBacklogAge" | "EventBacklog" | "EventRejected" | "PreviousReceiverToken";
