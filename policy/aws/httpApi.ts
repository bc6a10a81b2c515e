import { isRecord, list, UNKNOWN } from "../model/resource.ts";
import { oneOf, type ResourceRule } from "../model/rule.ts";
import { ACCOUNT_LIMITS, limitsOf, throttleProblems } from "./throttle.ts";

const STAGE = "aws:apigatewayv2/stage:Stage";
const API = "aws:apigatewayv2/api:Api";

export const apiThrottled: ResourceRule = {
  name: "api-throttled",
  description:
    "The stage of an HTTP or WebSocket API limits the rate to at most 10,000 requests a second and the burst to at most 5,000." +
    " Settings of a single route state both limits again, at most as high as the stage's." +
    " An API is not created together with its stage (target), because that stage has no limit.",
  appliesTo: oneOf(STAGE, API),
  reads: ["defaultRouteSettings", "routeSettings", "target"],
  check: ({ type, props: { defaultRouteSettings, routeSettings, target } }) => {
    if (type === API)
      return target === undefined || target === UNKNOWN
        ? []
        : ["target creates a stage without a limit; declare integration, route and stage"];
    const bound = limitsOf(defaultRouteSettings, ACCOUNT_LIMITS);
    return [
      ...throttleProblems("defaultRouteSettings", defaultRouteSettings, ACCOUNT_LIMITS),
      ...list(routeSettings).flatMap((settings) =>
        isRecord(settings)
          ? throttleProblems(`routeSettings of ${routeOf(settings["routeKey"])}`, settings, bound)
          : [],
      ),
    ];
  },
};

const routeOf = (key: unknown): string => (typeof key === "string" ? JSON.stringify(key) : "a route");
