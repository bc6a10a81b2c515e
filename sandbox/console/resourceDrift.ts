import type { ResourceDrift } from "../engine/index.ts";
import type { Tenant } from "../tenant/tenant.ts";
import type { Drift } from "./driftItem.ts";

type Place = Pick<Tenant, "org" | "outputs" | "stack">;

/** The type of a resource, with what people call it. */
type Describe = (drift: ResourceDrift, place: Place) => Pick<Drift, "subject" | "marks">;

/** The group's name, or the last one that it had. */
function nameOf({ org, outputs }: Place, groupId: unknown): string {
  const id = String(groupId);
  const lastName = org
    .eventsAbout(id)
    .flatMap(({ target }) => target.filter((one) => one.id === id))
    .at(-1)?.displayName;
  return org.view.group(id, String(outputs["oktaAppId"]))?.name ?? lastName ?? id;
}

const TYPES: Readonly<Record<string, Describe>> = {
  "okta:index/pushGroup:PushGroup": ({ inputs }, place) => ({
    subject: `The push of ${pushLabel(inputs["sourceGroupId"], place)}`,
    marks: [String(inputs["sourceGroupId"])],
  }),
  "okta:group/rule:Rule": ({ inputs, id }) => ({ subject: `The rule ${String(inputs["name"])}`, marks: [id] }),
  "okta:app/groupAssignment:GroupAssignment": ({ inputs, id }, place) => ({
    subject: `The assignment of ${nameOf(place, inputs["groupId"])}`,
    marks: [id],
  }),
  "okta:app/saml:Saml": ({ inputs }) => ({ subject: `The app ${String(inputs["label"])}`, marks: [] }),
  "okta:app/autoLogin:AutoLogin": ({ inputs }) => ({ subject: `The app ${String(inputs["label"])}`, marks: [] }),
  "okta:group/group:Group": ({ inputs, id }) => ({ subject: `The group ${String(inputs["name"])}`, marks: [id] }),
};

/** The group's name in the stack, because it may have another one in Okta now. */
export function pushLabel(groupId: unknown, { outputs, ...place }: Place): string {
  const labels = Object.entries(outputs["pushGroups"] ?? {}).find(
    ([, push]: [string, { sourceGroupId?: unknown }]) => push.sourceGroupId === groupId,
  );
  return labels?.[0] ?? nameOf({ outputs, ...place }, groupId);
}

/** What a person calls the difference; undefined for a failure, which is no drift. */
function differenceOf({ type, changes, unreadable }: ResourceDrift): string | undefined {
  if (unreadable !== undefined)
    return isUnlinked({ type, unreadable })
      ? "unlinked by hand: it is in the configuration, and Okta has no mapping for it"
      : `cannot be read: ${unreadable}`;
  if (changes.length === 0) return GONE[type] ?? "deleted by hand";
  // Okta sets this status when a push fails, and a refresh would not help.
  const real = changes.filter(({ key, now }) => !(key === "status" && now === "ERROR"));
  return real.length === 0 ? undefined : real.map(describe).join("; ");
}

const GONE: Readonly<Record<string, string>> = { "okta:app/groupAssignment:GroupAssignment": "removed by hand" };

/** A refresh fails on a mapping that is gone (okta/terraform-provider-okta#2807). */
const isUnlinked = ({ type, unreadable }: Pick<ResourceDrift, "type" | "unreadable">): boolean =>
  type === "okta:index/pushGroup:PushGroup" && unreadable?.includes("404") === true;

const MOST_CHARACTERS = 120;

function describe({ key, before, now }: ResourceDrift["changes"][number]): string {
  if (key === "status" && now === "INACTIVE") return "deactivated by hand";
  if (key === "status" && now === "INVALID") return "invalid, because its group was deleted by hand";
  if (key === "name") return `renamed by hand to ${shown(now)}`;
  return `${LABELS[key] ?? key} changed by hand: ${shown(now)} instead of ${shown(before)}`;
}

const LABELS: Readonly<Record<string, string>> = { expressionValue: "expression", label: "label" };

function shown(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}

/** A resource of the stack that was changed by hand; undefined for a failure that is shown elsewhere. */
export function resourceDrift(drift: ResourceDrift, place: Place): Drift | undefined {
  const difference = differenceOf(drift);
  if (difference === undefined) return undefined;
  const { type, id, urn, name } = drift;
  const { subject, marks } = TYPES[type]?.(drift, place) ?? { subject: `The resource ${name}`, marks: [] };
  const up = `"pulumi up --refresh --stack ${place.stack}"`;
  const isForgotten = isUnlinked(drift);
  return {
    subject,
    difference,
    remedy: isForgotten
      ? `A refresh fails on a mapping that is gone, so the state forgets it first; then ${up} pushes the group again.`
      : `${up} makes it again as the configuration declares it.`,
    way: { kind: "refresh", ...(isForgotten ? { forget: { type, id, urn } } : {}) },
    marks,
  };
}
