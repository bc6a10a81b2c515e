import { z } from "zod";
import { configPath, removeCommand, setCommand, type StackName } from "./commands.ts";
import { environmentProblems } from "./environmentSize.ts";
import type { Problem } from "./errors.ts";
import { managedOnly, schemas, type Key, type TenantConfig } from "./keys.ts";
import type { PlacedEntry } from "./pushGroupRules.ts";

type Values = Partial<Record<Key, unknown>>;

interface Read {
  /** The keys that could be read. */
  readonly parsed: Partial<TenantConfig>;
  /** The entries of `pushGroups` that could be read. */
  readonly entries: readonly PlacedEntry[];
}

/** Keys that have no effect, or no room, beside the rest of the configuration. A value that equals the default is accepted. */
export function misfits(values: Values, { parsed, entries }: Read, stack: StackName): Problem[] {
  const given = (key: Key): boolean =>
    values[key] !== undefined && JSON.stringify(parsed[key]) !== JSON.stringify(z.parse(schemas[key], undefined));
  return [
    ...(kindOf(values.endpoint) === "external" ? besideExternal(given, parsed, stack) : []),
    ...environmentProblems(parsed, stack),
    ...(parsed.oktaHalf === "byHand" ? besideByHand(values, { parsed, entries }, stack) : []),
  ];
}

function besideExternal(given: (key: Key) => boolean, parsed: Partial<TenantConfig>, stack: StackName): Problem[] {
  const unmapped = given("attributes") && parsed.attributeMapping === false;
  return [
    ...managedOnly.filter(given).map((key) => ({
      path: key,
      wrong: "concerns the SCIM service on AWS, and an external endpoint has none",
      allowed: `${key} with endpoint.kind managed only`,
      fix: removeCommand([key], stack),
    })),
    ...(unmapped
      ? [
          {
            path: "attributes",
            wrong: "has no effect: an external directory decides itself which attributes it retains",
            allowed: "attributes beside an external endpoint only with attributeMapping true, which maps them in Okta",
            fix: removeCommand(["attributes"], stack),
          },
        ]
      : []),
  ];
}

/** Options of a push that the stack itself carries out. */
const carriedOut = [
  ["keepTargetOnDelete", true],
  ["status", "INACTIVE"],
] as const;

function besideByHand(values: Values, { parsed, entries }: Read, stack: StackName): Problem[] {
  const problem = (path: readonly PropertyKey[], wrong: string, allowed: string): Problem => ({
    path: configPath(path),
    wrong,
    allowed,
    fix: removeCommand(path, stack),
  });
  return [
    ...(kindOf(values.endpoint) === "external"
      ? [
          {
            ...problem(
              ["oktaHalf"],
              "is byHand, and the endpoint is external: the stack would create nothing",
              "byHand with endpoint.kind managed only",
            ),
            fix: setCommand(["oktaHalf"], "managed", stack),
          },
        ]
      : []),
    ...(parsed.attributeMapping === true
      ? [
          problem(
            ["attributeMapping"],
            "has no effect: with oktaHalf byHand the stack changes nothing in Okta",
            "attributeMapping with oktaHalf managed only; by hand, mappings are on the app's Provisioning tab",
          ),
        ]
      : []),
    ...entries.flatMap(({ index, entry }) =>
      carriedOut
        .filter(([option, value]) => entry[option] === value)
        .map(([option]) =>
          problem(
            ["pushGroups", index, option],
            "has no effect: with oktaHalf byHand the stack pushes no group itself",
            `${option} with oktaHalf managed only`,
          ),
        ),
    ),
  ];
}

const kindOf = (endpoint: unknown): unknown => z.object({ kind: z.unknown() }).safeParse(endpoint).data?.kind;
