import { leaves, UNKNOWN, type Properties, type Resource } from "../model/resource.ts";
import type { StackRule, Violation } from "../model/rule.ts";
import { ACCOUNT_LIMITS, limitsOf, throttleProblems } from "./throttle.ts";

const STAGE = "aws:apigateway/stage:Stage";
const SETTINGS = "aws:apigateway/methodSettings:MethodSettings";
const EVERY_METHOD = "*/*";

export const restApiThrottled: StackRule = {
  name: "rest-api-throttled",
  description:
    "Every stage of a REST API has method settings for */* that limit the rate to at most 10,000 requests a second and the burst to at most 5,000." +
    " Settings of a single method state both limits again, at most as high as those for */*.",
  check: (resources) => {
    const settings = resources.filter(({ type }) => type === SETTINGS);
    return [
      ...resources.filter(({ type }) => type === STAGE).flatMap((stage) => unlimited(stage, settings)),
      ...settings.flatMap((one) => undone(one, settings)),
    ];
  },
  knownAtUp: (resources) => {
    const settings = resources.filter(({ type }) => type === SETTINGS);
    const stages = resources.filter(({ type }) => type === STAGE);
    return [
      ...settings.filter(({ props }) => isUnknown(props, READ)).map(({ name }) => `the stage of ${name}`),
      ...stages
        .filter(({ props }) => settings.length > 0 && isUnknown(props, STAGE_NAMES))
        .map(({ name }) => `the settings of ${name}`),
    ];
  },
};

const STAGE_NAMES = ["restApi", "stageName"];
const READ = [...STAGE_NAMES, "methodPath", "settings"];

/** Whether one of the properties, or a part of it, is not known yet. */
const isUnknown = (props: Properties, names: readonly string[]): boolean =>
  [...leaves(Object.fromEntries(names.map((name) => [name, props[name]])))].some(([, leaf]) => leaf === UNKNOWN);

/** Whether two resources may speak of one stage: names that are not known yet may be equal. */
const mayBeSameStage = (one: Resource, other: Resource): boolean =>
  STAGE_NAMES.every((property) => {
    const [a, b] = [one.props[property], other.props[property]];
    return a === b || a === UNKNOWN || b === UNKNOWN;
  });

const isForEveryMethod = ({ props: { methodPath } }: Resource): boolean =>
  methodPath === EVERY_METHOD || methodPath === UNKNOWN;

function unlimited(stage: Resource, settings: readonly Resource[]): readonly Violation[] {
  if (settings.some((one) => isForEveryMethod(one) && mayBeSameStage(one, stage))) return [];
  const message =
    'the stage has no limit on rate and burst; add aws.apigateway.MethodSettings for it with methodPath "*/*" and both limits';
  return [{ urn: stage.urn, message }];
}

function undone(one: Resource, settings: readonly Resource[]): readonly Violation[] {
  const { urn, props } = one;
  if (props["settings"] === UNKNOWN) return [];
  const all = settings.find((other) => other !== one && isForEveryMethod(other) && mayBeSameStage(other, one));
  const bound = isForEveryMethod(one) ? ACCOUNT_LIMITS : limitsOf(all?.props["settings"], ACCOUNT_LIMITS);
  return throttleProblems("settings", props["settings"], bound).map((message) => ({ urn, message }));
}
