import { profileSources } from "../../components/oktaIntegration/profileSources.ts";
import { isRecord } from "../live/isRecord.ts";
import type { PersonRecord } from "../live/directory.ts";
import type { Sent } from "./existing.ts";

/** The SCIM path that each property of the app's profile fills. */
const pathOf = new Map(
  Object.entries(profileSources).flatMap(([path, source]) => ("property" in source ? [[source.property, path]] : [])),
);

export interface Differences {
  /** People whose value in the directory is another than Okta's, by attribute. */
  readonly differing: ReadonlyMap<string, readonly string[]>;
  /** Attributes that Okta sends and the directory returns for nobody. */
  readonly unkept: readonly string[];
}

/** Compares the records of the directory with the values that Okta would send. */
export function compareAttributes(): { add(record: PersonRecord, sent: Sent): void; result(): Differences } {
  const differing = new Map<string, string[]>();
  const kept = new Set<string>();
  const compare = (path: string, name: string, wanted: string, found: string | undefined): void => {
    if (found !== undefined) kept.add(path);
    if (found !== wanted) differing.set(path, [...(differing.get(path) ?? []), name]);
  };
  return {
    add({ userName, attributes }, sent) {
      compare("userName", sent.userName, sent.userName, userName);
      for (const [property, value] of Object.entries(sent.profile)) {
        const path = pathOf.get(property);
        if (path === undefined || typeof value !== "string" || value === "") continue;
        compare(path, sent.userName, value, valueAt(attributes, path));
      }
    },
    result: () => ({
      differing: new Map([...differing].filter(([path]) => kept.has(path))),
      unkept: [...differing.keys()].filter((path) => !kept.has(path)),
    }),
  };
}

/** The text at a path such as `title`, `name.givenName`, `emails` or `urn:…:User:department`. */
function valueAt(attributes: Readonly<Record<string, unknown>>, path: string): string | undefined {
  const schema = path.lastIndexOf(":");
  const steps = schema === -1 ? path.split(".") : [path.slice(0, schema), ...path.slice(schema + 1).split(".")];
  const found = steps.reduce<unknown>((value, step) => (isRecord(value) ? value[step] : undefined), attributes);
  const value: unknown = Array.isArray(found) ? primaryOf(found) : found;
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The value of the primary element of a multi-valued attribute, or of the first one. */
function primaryOf(elements: readonly unknown[]): unknown {
  const all = elements.filter(isRecord);
  return (all.find(({ primary }) => primary === true || primary === "true") ?? all[0])?.["value"];
}
