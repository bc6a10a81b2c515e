import { one, resource, type Program, type Sentence } from "./programs.ts";

const limits = { throttlingRateLimit: 500, throttlingBurstLimit: 1_000 };
const stage = (inputs: Readonly<Record<string, unknown>>): Program =>
  one("aws:apigatewayv2/stage:Stage", { apiId: "a", defaultRouteSettings: limits, ...inputs });
const API = "aws:apigatewayv2/api:Api";

export const apiThrottled: readonly Sentence[] = [
  {
    sentence:
      "The stage of an HTTP or WebSocket API limits the rate to at most 10,000 requests a second and the burst to at most 5,000.",
    violating: {
      "no settings": stage({ defaultRouteSettings: undefined }),
      "no burst": stage({ defaultRouteSettings: { throttlingRateLimit: 500 } }),
      "a rate that is no number": stage({ defaultRouteSettings: { ...limits, throttlingRateLimit: true } }),
      "a rate of zero": stage({ defaultRouteSettings: { ...limits, throttlingRateLimit: 0 } }),
      "a rate that limits nothing": stage({ defaultRouteSettings: { ...limits, throttlingRateLimit: 1e9 } }),
      "a burst that limits nothing": stage({ defaultRouteSettings: { ...limits, throttlingBurstLimit: 5_001 } }),
    },
    allowed: {
      "a limit": stage({}),
      "the highest limit": stage({
        defaultRouteSettings: { throttlingRateLimit: 10_000, throttlingBurstLimit: 5_000 },
      }),
    },
  },
  {
    sentence: "Settings of a single route state both limits again, at most as high as the stage's.",
    violating: {
      "a higher rate": stage({ routeSettings: [{ routeKey: "ANY /scim", ...limits, throttlingRateLimit: 501 }] }),
      "a rate that limits nothing": stage({
        routeSettings: [{ routeKey: "$default", ...limits, throttlingRateLimit: 1e9 }],
      }),
      "no limits": stage({ routeSettings: [{ routeKey: "ANY /scim", detailedMetricsEnabled: true }] }),
      "the second of two": stage({
        routeSettings: [
          { routeKey: "GET /a", ...limits },
          { routeKey: "GET /b", throttlingRateLimit: 1 },
        ],
      }),
    },
    allowed: {
      "lower limits": stage({
        routeSettings: [{ routeKey: "ANY /scim", throttlingRateLimit: 5, throttlingBurstLimit: 5 }],
      }),
    },
  },
  {
    sentence: "An API is not created together with its stage (target), because that stage has no limit.",
    violating: {
      "a function as target": one(API, { protocolType: "HTTP", target: "arn:aws:lambda:eu-central-1:1:function:f" }),
      "a URL as target": one(API, { protocolType: "HTTP", target: "https://scim.example.com" }),
      "a target with a route": one(API, { protocolType: "HTTP", target: "arn:f", routeKey: "GET /scim" }),
    },
    allowed: { "an API alone": one(API, { protocolType: "HTTP" }) },
  },
];

const restStage = (name = "prod") =>
  resource("aws:apigateway/stage:Stage", { restApi: "r", stageName: name }, { name });
const methods = (methodPath: string, settings: Readonly<Record<string, unknown>>, inputs: object = {}) =>
  resource(
    "aws:apigateway/methodSettings:MethodSettings",
    { restApi: "r", stageName: "prod", methodPath, settings, ...inputs },
    { name: methodPath },
  );
const all = methods("*/*", limits);

export const restApiThrottled: readonly Sentence[] = [
  {
    sentence:
      "Every stage of a REST API has method settings for */* that limit the rate to at most 10,000 requests a second and the burst to at most 5,000.",
    violating: {
      "a stage alone": [restStage()],
      "settings of one method": [restStage(), methods("Users/GET", limits)],
      "settings of another stage": [restStage(), methods("*/*", limits, { stageName: "test" })],
      "settings of another API": [restStage(), methods("*/*", limits, { restApi: "s" })],
      "one of two stages": [restStage(), restStage("test"), all],
      "a throttle switched off": [restStage(), methods("*/*", { throttlingRateLimit: -1, throttlingBurstLimit: -1 })],
      "a rate that limits nothing": [restStage(), methods("*/*", { ...limits, throttlingRateLimit: 1e9 })],
    },
    allowed: { "a stage with its settings": [restStage(), all] },
  },
  {
    sentence: "Settings of a single method state both limits again, at most as high as those for */*.",
    violating: {
      "no limits": [restStage(), all, methods("Users/GET", { metricsEnabled: true })],
      "a throttle switched off": [restStage(), all, methods("Users/POST", { ...limits, throttlingBurstLimit: -1 })],
      "a higher rate": [restStage(), all, methods("Users/GET", { ...limits, throttlingRateLimit: 501 })],
    },
    allowed: {
      "lower limits": [restStage(), all, methods("Users/GET", { throttlingRateLimit: 5, throttlingBurstLimit: 5 })],
    },
  },
];
