import { CATALOGUE_APP, DUMMY_URL } from "../../components/oktaIntegration/appSettings.ts";
import { compareFeatures, featureNames } from "../../components/oktaIntegration/features.ts";
import { count, listQuoted } from "../verify/check.ts";
import type { LiveGroup } from "../live/org.ts";
import type { Existing, ExistingPush } from "./existing.ts";

/** A state of the org that the stack cannot take over as it is. */
export interface Obstacle {
  readonly what: string;
  readonly wayOut: string;
  /** Whether an `up` would fail, or would change something that people notice. */
  readonly stops: boolean;
}

const stop = (what: string, wayOut: string): Obstacle => ({ what, wayOut, stops: true });
const note = (what: string, wayOut: string): Obstacle => ({ what, wayOut, stops: false });

interface ObstacleOptions {
  /** The assignment group that was asked for. */
  readonly assignmentGroup: string | undefined;
  readonly stack: string;
  /** The value in the stack file. */
  readonly groupRules: "automatic" | "none";
}

/** All obstacles, those that stop the adoption first. */
export function obstaclesOf(
  existing: Existing,
  group: LiveGroup | undefined,
  { assignmentGroup, stack, groupRules }: ObstacleOptions,
): Obstacle[] {
  const all = [
    ...ofApp(existing, stack),
    ...ofAssignment(existing, group, assignmentGroup),
    ...existing.pushes.flatMap((push) => ofPush(push, existing, group)),
    ...ofRules(existing, group, groupRules),
    ...ofPeople(existing, stack),
  ];
  return [...all.filter(({ stops }) => stops), ...all.filter(({ stops }) => !stops)];
}

function ofApp({ app, pushes }: Existing, stack: string): Obstacle[] {
  const isCatalogue = app.name === CATALOGUE_APP;
  const wanted = { createUsers: true, updateUserAttributes: true, deactivateUsers: true };
  const { unwanted } = compareFeatures(app.features, wanted, pushes.length > 0);
  const isOff = app.features.length === 0;
  return [
    ...(isCatalogue || app.signOnMode === "SAML_2_0"
      ? []
      : [
          stop(
            `the app is ${app.name} (${app.signOnMode}), and a stack declares a custom SAML app or ${CATALOGUE_APP}`,
            "make a new app with a stack of its own, and move over as docs/recipes.md says",
          ),
        ]),
    ...(app.status === "ACTIVE" ? [] : [stop(`the app is ${app.status}`, "activate it in the Admin Console")]),
    ...(isOff
      ? [
          pushes.length > 0
            ? stop(
                "Okta reports that provisioning is off, although groups are pushed",
                'do the console step again (the article\'s "Creating the SCIM Integration"), then run adopt again',
              )
            : note(
                "Okta reports that provisioning is off, so connection is pending",
                `do the steps that "npm run next-steps -- --stack ${stack}" prints, then set connection to ready`,
              ),
        ]
      : []),
    ...(unwanted.length === 0
      ? []
      : [
          note(
            `the app has on what the article leaves off: ${featureNames(unwanted).join(", ")}`,
            "switch it off on the app's Provisioning tab; the stack warns of it at each deployment",
          ),
        ]),
    ...(isCatalogue || app.ssoUrl === undefined || app.ssoUrl === DUMMY_URL
      ? []
      : [
          note(
            `people may sign on through the app (${app.ssoUrl})`,
            "nothing to do: the stack leaves the sign-on settings as they are",
          ),
        ]),
  ];
}

function ofAssignment(
  { assigned, people, pushes }: Existing,
  group: LiveGroup | undefined,
  wanted: string | undefined,
): Obstacle[] {
  if (group === undefined) {
    return [
      wanted === undefined
        ? stop(
            "no group is assigned to the app",
            "assign one group with everyone who is to be provisioned, then run adopt again",
          )
        : stop(
            `${JSON.stringify(wanted)} is not assigned to the app`,
            `name one of ${listQuoted(assigned.map(({ name }) => name))}`,
          ),
    ];
  }
  const others = assigned.filter(({ id }) => id !== group.id);
  const both = assigned.filter(({ id }) => pushes.some(({ source }) => source?.id === id));
  return [
    ...(group.type === "OKTA_GROUP"
      ? []
      : [
          stop(
            `the assigned group ${JSON.stringify(group.name)} is ${group.type === "BUILT_IN" ? "Okta's built-in group" : `of type ${group.type}`}, which no stack can manage`,
            "make a group of your own with the same people, assign it, wait until nobody is assigned by the old one alone, and unassign the old one",
          ),
        ]),
    ...both.map(({ id, name }) =>
      stop(
        `the group ${JSON.stringify(name)} is both assigned and pushed, which Okta advises against`,
        id === group.id
          ? "make a second group with the same people, assign it, then unassign the pushed one"
          : `see that its members are in ${JSON.stringify(group.name)} too, then unassign ${JSON.stringify(name)}; its push stays`,
      ),
    ),
    ...(others.length === 0
      ? []
      : [
          note(
            `also assigned: ${listQuoted(others.map(({ name }) => name))}; the stack manages ${JSON.stringify(group.name)} and leaves the others assigned`,
            "choose another one with --assignment-group NAME, or unassign them once their people are in the assignment group",
          ),
        ]),
    ...(people.direct === 0
      ? []
      : [
          note(
            `${count(people.direct, "person is", "people are")} assigned alone, without a group`,
            "nothing to do: they stay assigned; to manage them by group, add them to the assignment group and remove the single assignment",
          ),
        ]),
  ];
}

function ofPush(
  { mapping, source, targetName, unassigned }: ExistingPush,
  { app }: Existing,
  group: LiveGroup | undefined,
): Obstacle[] {
  if (source === undefined) {
    return [
      stop(
        `the push mapping ${mapping.id} has no group: ${mapping.sourceGroupId} was deleted`,
        `unlink ${JSON.stringify(targetName ?? mapping.targetGroupId)} on the Push Groups tab of "${app.label}"`,
      ),
    ];
  }
  if (source.id === group?.id) return [];
  const name = JSON.stringify(source.name);
  return [
    ...(source.type === "OKTA_GROUP"
      ? []
      : [
          stop(
            `the pushed group ${name} is of type ${source.type}, and a stack pushes Okta's own groups only`,
            "push a group of your own with the same members instead",
          ),
        ]),
    ...(mapping.status === "ERROR"
      ? [
          stop(
            `the push of ${name} failed: ${mapping.errorSummary ?? "Okta gives no reason"}`,
            "correct the reason and push it again on the Push Groups tab: the provider refuses to change a mapping in ERROR",
          ),
        ]
      : []),
    ...(unassigned === 0
      ? []
      : [
          note(
            `${count(unassigned, "member", "members")} of ${name} ${unassigned === 1 ? "is" : "are"} not assigned, so Okta leaves them out of the pushed group`,
            "nothing to do for now: groupRules is none; with automatic, they would be provisioned",
          ),
        ]),
  ];
}

function ofRules(
  { rules, pushes }: Existing,
  group: LiveGroup | undefined,
  groupRules: ObstacleOptions["groupRules"],
): Obstacle[] {
  const own = rules.filter(({ targets }) => group !== undefined && targets.includes(group.id));
  const feeding = rules.filter(
    ({ targets, status }) =>
      status === "ACTIVE" &&
      pushes.some(({ source }) => source && source.id !== group?.id && targets.includes(source.id)),
  );
  return [
    ...(own.length === 0
      ? []
      : [
          note(
            `rules of your own fill the assignment group: ${listQuoted(own.map(({ name, status }) => `${name} (${status})`))}`,
            groupRules === "none"
              ? "nothing to do: they stay yours, and groupRules is none; to hand over, set groupRules to automatic, and delete yours after an up"
              : "nothing to do: none is active, so groupRules is automatic and the stack fills the group; leave yours inactive, or delete them",
          ),
        ]),
    ...(feeding.length === 0
      ? []
      : [
          note(
            `pushed groups are filled by rules: ${listQuoted(feeding.map(({ name }) => name))}`,
            "keep groupRules none: Okta advises against rules that follow other rules, because they apply late",
          ),
        ]),
  ];
}

const ofPeople = ({ people: { failed } }: Existing, stack: string): Obstacle[] =>
  failed === 0
    ? []
    : [
        note(
          `the last provisioning of ${count(failed, "person", "people")} failed`,
          `open Dashboard > Tasks in the Admin Console, correct the reason and click Retry; "npm run verify -- --stack ${stack}" names them`,
        ),
      ];
