import { matches } from "../iam/policy.ts";
import type { Permission } from "../lambda/permissions.ts";
import { createBucket, type ThrottleSettings } from "./throttle.ts";

export interface Integration {
  readonly functionName: string;
  /** Milliseconds after which the gateway gives up. */
  readonly timeout: number;
}

export interface Route {
  readonly routeKey: string;
  readonly integrationId: string;
}

export interface StageSettings {
  readonly default: ThrottleSettings;
  /** By route key. */
  readonly routes: ReadonlyMap<string, ThrottleSettings>;
}

/** The account's default throttle for the stage of an HTTP API. */
export const ACCOUNT_THROTTLE: ThrottleSettings = { rate: 10_000, burst: 5_000 };

/** The declared resources of one HTTP API. */
export class HttpApi {
  readonly id: string;
  readonly endpoint: string;
  readonly executionArn: string;
  isEndpointDisabled: boolean;
  readonly integrations = new Map<string, Integration>();
  readonly routes = new Map<string, Route>();
  #stage: StageSettings | undefined;
  #takers = new Map<string, () => boolean>();

  constructor(declared: { id: string; endpoint: string; executionArn: string; isEndpointDisabled: boolean }) {
    this.id = declared.id;
    this.endpoint = declared.endpoint;
    this.executionArn = declared.executionArn;
    this.isEndpointDisabled = declared.isEndpointDisabled;
  }

  /** The `$default` stage. While it is undefined, nothing is served. */
  get stage(): StageSettings | undefined {
    return this.#stage;
  }

  set stage(settings: StageSettings | undefined) {
    this.#stage = settings;
    this.#takers = new Map();
  }

  /** Takes one request from the budget of a route. Returns false if the budget is used up. */
  take(routeKey: string): boolean {
    const own = this.#stage?.routes.get(routeKey);
    // Routes without settings of their own share the stage's.
    const key = own === undefined ? "" : routeKey;
    const known = this.#takers.get(key);
    if (known !== undefined) return known();
    const fresh = createBucket(own ?? this.#stage?.default ?? ACCOUNT_THROTTLE);
    this.#takers.set(key, fresh);
    return fresh();
  }

  /** Whether a permission lets this API call the function of a route. */
  isPermitted(permissions: Iterable<Permission>, routeKey: string, functionName: string): boolean {
    const [method = "", path = ""] = routeKey.split(" ");
    const source = routeKey === "$default" ? "$default" : `${method === "ANY" ? "*" : method}${path}`;
    const arn = `${this.executionArn}/$default/${source}`;
    return [...permissions].some(
      (permission) =>
        permission.functionName === functionName &&
        permission.principal === "apigateway.amazonaws.com" &&
        matches(permission.action.toLowerCase(), "lambda:invokefunction") &&
        (permission.sourceArn === undefined || matches(permission.sourceArn, arn)),
    );
  }
}
