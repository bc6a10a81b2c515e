import { leaves } from "../model/resource.ts";
import { oneOf, type ResourceRule } from "../model/rule.ts";
import { parse } from "../iam/document.ts";

const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";
const DESTINATION = "aws:cloudwatch/eventApiDestination:EventApiDestination";
const PARAMETER = "aws:ssm/parameter:Parameter";

/** The target of a resource that sends: the property that holds an address, or JSON with addresses. */
const addresses: Readonly<Record<string, string>> = {
  [SUBSCRIPTION]: "endpoint",
  [DESTINATION]: "invocationEndpoint",
  [PARAMETER]: "value",
};

export const pushedOverHttps: ResourceRule = {
  name: "pushed-over-https",
  description:
    "An address to which events are pushed begins with https://:" +
    " in a topic's subscription, in an API destination, and in a parameter that holds addresses of receivers.",
  appliesTo: oneOf(...Object.keys(addresses)),
  reads: [...new Set(Object.values(addresses)), "protocol"],
  check: ({ type, props }) => {
    const property = addresses[type] ?? "";
    const value = props[property];
    const isPlain = props["protocol"] === "http" || [...leaves(parsed(value))].some(([, leaf]) => isHttp(leaf));
    return isPlain
      ? [`${property} has an address that begins with http://, so that events travel in plain text; use https://`]
      : [];
  },
};

const parsed = (value: unknown): unknown => (typeof value === "string" ? (parse(value) ?? value) : value);

const isHttp = (leaf: unknown): boolean => typeof leaf === "string" && /^\s*http:/i.test(leaf);
