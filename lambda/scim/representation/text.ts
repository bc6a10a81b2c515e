import type { JsonObject, Stored } from "../../model.ts";
import type { ResourceType } from "../schema/index.ts";
import { own } from "../values/json.ts";
import { project, type Projection } from "./projection.ts";
import { represent, type Connections } from "./resource.ts";

/** A resource that was read, and how the answer shows it. */
export interface Shown {
  readonly type: ResourceType;
  readonly baseUrl: string;
  readonly projection: Projection;
  readonly stored: Stored;
  readonly connections: Connections;
}

/** Stands for the id of a member where the parts are made that all members share. */
const SAMPLE = "00000000-0000-0000-0000-000000000000";
/** Ids that JSON and URLs hold as they are. */
const plain = /^[\w-]+$/;

const shown = ({ type, baseUrl, projection, stored, connections }: Shown): JsonObject =>
  project(type, projection, represent(type, baseUrl, stored, connections));

/**
 * The JSON text of a resource as its answer shows it. Ten thousand members are text from the start: an object for each
 * of them would take several times the time and the memory.
 */
export function resourceText(resource: Shown): string {
  const { members } = resource.connections;
  if (members === undefined || members.length === 0 || !members.every((id) => plain.test(id)))
    return JSON.stringify(shown(resource));
  const sample = shown({ ...resource, connections: { members: [SAMPLE] } });
  const [element] = [own(sample, "members") ?? []].flat();
  if (element === undefined) return JSON.stringify(sample);
  const list = membersText(JSON.stringify(element).split(SAMPLE), members);
  const parts = Object.entries(sample).map(
    ([name, value]) => `${JSON.stringify(name)}:${name === "members" ? list : JSON.stringify(value)}`,
  );
  return `{${parts.join(",")}}`;
}

/** The JSON of the list, from what stands before, between and after the id in each element. */
function membersText([before = "", ...after]: readonly string[], members: readonly string[]): string {
  const [last, ...more] = after;
  // The native join takes a third of the time of a text for each element.
  if (last !== undefined && more.length === 0) return `[${before}${members.join(`${last},${before}`)}${last}]`;
  return `[${members.map((id) => [before, ...after].join(id)).join(",")}]`;
}

/** The JSON text of a ListResponse, from its other attributes and the texts of its resources. */
export const listText = (head: JsonObject, resources: readonly string[]): string =>
  `${JSON.stringify(head).slice(0, -1)},"Resources":[${resources.join(",")}]}`;
