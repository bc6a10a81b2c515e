import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Properties, ResourceHandler } from "../../engine/provider.ts";
import type { Place } from "../support/place.ts";
import { parsePattern } from "../support/pattern.ts";
import { readInputs } from "../support/read.ts";
import { DEFAULT_BUS, type Buses } from "./buses.ts";

const NAME = /^[\w.-]{1,64}$/;
const busInputs = z.looseObject({
  name: z
    .string()
    .regex(/^[\w.-]{1,256}$/, "a bus's name has letters, digits, ., - and _")
    .refine((name) => name !== DEFAULT_BUS, "the bus default always exists"),
});
const ruleInputs = z
  .looseObject({
    name: z.string().regex(NAME, "a rule's name has 1 to 64 letters, digits, ., - and _"),
    eventBusName: z.string().default(DEFAULT_BUS),
    scheduleExpression: z.string().optional(),
    eventPattern: z.string().optional(),
    state: z.enum(["ENABLED", "DISABLED"]).default("ENABLED"),
  })
  .superRefine(({ eventBusName, scheduleExpression, eventPattern }, context) => {
    const complain = (message: string): void => context.addIssue({ code: "custom", message });
    if (scheduleExpression === undefined && eventPattern === undefined)
      complain("a rule needs a scheduleExpression or an eventPattern");
    if (scheduleExpression !== undefined && busOf(eventBusName) !== DEFAULT_BUS)
      complain("ScheduleExpression is supported only on the default event bus.");
  });
const targetInputs = z.looseObject({
  rule: z.string(),
  arn: z.string().regex(/^arn:aws:lambda:/, "the sandbox delivers events to functions only"),
  eventBusName: z.string().default(DEFAULT_BUS),
  targetId: z.string().optional(),
  input: z.string().optional(),
});

const UNITS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** @param open starts the endpoint that functions call */
export function eventBridgeResources(
  place: Place,
  buses: Buses,
  open: () => Promise<string>,
): Record<string, ResourceHandler> {
  return {
    "aws:cloudwatch/eventBus:EventBus": eventBus(buses, open),
    "aws:cloudwatch/eventRule:EventRule": eventRule(place, buses),
    "aws:cloudwatch/eventTarget:EventTarget": eventTarget(buses),
  };
}

/** A name, also of an ARN. */
const busOf = (reference: string): string => reference.split("/").at(-1) ?? "";
const keyOf = (bus: string, rule: string): string => (busOf(bus) === DEFAULT_BUS ? rule : `${busOf(bus)}/${rule}`);

function eventBus(buses: Buses, open: () => Promise<string>): ResourceHandler {
  return {
    autoName: "name",
    computed: ["arn"],
    replaces: ["name", "eventSourceName"],
    async create(inputs) {
      const { name } = readInputs(busInputs, inputs);
      await open();
      buses.create(name);
      return { id: name, outputs: { ...inputs, arn: buses.arnOf(name) } };
    },
    read: async (id, state) => (buses.has(id) ? state : undefined),
    update: async (_id, { arn }, inputs) => ({ ...inputs, arn }),
    delete: async (id) => buses.remove(id),
  };
}

function eventRule({ account, region }: Place, buses: Buses): ResourceHandler {
  const put = (inputs: Properties): Properties & { readonly key: string } => {
    const { name, eventBusName, scheduleExpression, eventPattern, state } = readInputs(ruleInputs, inputs);
    const bus = busOf(eventBusName);
    if (!buses.has(bus)) throw new Error(`ResourceNotFoundException: Event bus ${bus} does not exist.`);
    const key = keyOf(bus, name);
    const arn = `arn:aws:events:${region}:${account}:rule/${key}`;
    const pattern = eventPattern === undefined ? undefined : parsePattern(eventPattern);
    const everyMs = scheduleExpression === undefined ? undefined : millisecondsOf(scheduleExpression);
    buses.putRule(key, { name, arn, bus, pattern, everyMs, isEnabled: state === "ENABLED" });
    return { ...inputs, arn, key };
  };
  return {
    autoName: "name",
    computed: ["arn"],
    replaces: ["name", "eventBusName"],
    async create(inputs) {
      const { key: id, ...outputs } = put(inputs);
      return { id, outputs };
    },
    read: async (id, state) => (buses.rule(id) === undefined ? undefined : state),
    async update(_id, _state, inputs) {
      const { key: _, ...outputs } = put(inputs);
      return outputs;
    },
    delete: async (id) => buses.removeRule(id),
  };
}

/** `rate(5 minutes)` in milliseconds. @throws Error in AWS's words */
function millisecondsOf(expression: string): number {
  const [, amount = "", unit = "", plural = ""] = /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(expression) ?? [];
  const every = unit === "minute" || unit === "hour" || unit === "day" ? Number(amount) * UNITS[unit] : 0;
  // One needs the singular, and more need the plural.
  if (every > 0 && (Number(amount) === 1) === (plural === "")) return every;
  if (/^(cron|at)\(/.test(expression)) throw new Error(`the sandbox runs rate(…) schedules only, not ${expression}`);
  throw new Error(`ValidationException: Parameter ScheduleExpression is not valid: ${expression}`);
}

function eventTarget(buses: Buses): ResourceHandler {
  const put = (inputs: Properties, given: string): { id: string; outputs: Properties } => {
    const { rule, arn, eventBusName, targetId = given, input } = readInputs(targetInputs, inputs);
    const key = keyOf(eventBusName, rule);
    const found = buses.rule(key);
    if (found === undefined)
      throw new Error(`ResourceNotFoundException: Rule ${rule} does not exist on EventBus ${busOf(eventBusName)}.`);
    found.targets.set(targetId, { arn, input });
    return { id: `${key}-${targetId}`, outputs: { ...inputs, targetId } };
  };
  const ruleOf = (state: Properties) => {
    const { rule, eventBusName } = readInputs(targetInputs, state);
    return buses.rule(keyOf(eventBusName, rule));
  };
  return {
    computed: ["targetId"],
    replaces: ["rule", "eventBusName", "targetId"],
    create: async (inputs) => put(inputs, `terraform-${randomBytes(8).toString("hex")}`),
    read: async (_id, state) => (ruleOf(state)?.targets.has(String(state["targetId"])) === true ? state : undefined),
    update: async (_id, state, inputs) => put(inputs, String(state["targetId"])).outputs,
    delete: async (_id, state) => void ruleOf(state)?.targets.delete(String(state["targetId"])),
  };
}
