import { EndpointError } from "../live/directory.ts";
import { checkOf, count, countNames, listNames, listQuoted, sections, type Check } from "../verify/check.ts";
import type { DirectoryFacts } from "./directoryFacts.ts";
import type { Existing, ExistingPush } from "./existing.ts";

/** The directory in the article's terms. */
export function checkDirectory(existing: Existing, facts: DirectoryFacts): Check[] {
  return [
    checkOf(sections.settings, "connector", "The directory answers with the token").right(
      `${count(facts.users, "user", "users")}, ${facts.inactive} of them inactive, and ${count(facts.groups, "group", "groups")}`,
    ),
    checkAttributes(existing, facts),
    ...checkPeople(existing, facts),
    ...existing.pushes.flatMap((push) => checkPush(push, facts)),
  ];
}

function checkAttributes({ people }: Existing, { differing, unkept }: DirectoryFacts): Check {
  const { right, warning } = checkOf(
    sections.provisioning,
    "attributes",
    "The directory has the values that Okta sends",
  );
  const kept = unkept.length === 0 ? "" : `; the directory returns none: ${unkept.join(", ")}`;
  if (differing.size === 0) return right(`${count(people.linked.size, "person", "people")}${kept}`);
  const parts = [...differing].map(([path, names]) => `${path} of ${countNames(names)}`);
  return warning(
    `another value: ${parts.join("; ")}${kept}`,
    "decide which side is right: Okta overwrites the directory at the next change of each person",
  );
}

function checkPeople({ people }: Existing, facts: DirectoryFacts): Check[] {
  const check = (id: string, title: string) => checkOf(sections.people, id, title);
  const provisioned = check("provisioned", "Everyone that Okta provisioned is in the directory");
  const active = check("inactive", "Everyone that Okta provisioned is active in the directory");
  const known = check("leavers", "Everyone active in the directory is assigned in Okta");
  const linked = check("matches", "Nobody is linked by userName at the next provisioning");
  const unique = check("twins", "No two userNames differ only in case");
  const { absent, asleep, strangers, matches, twins } = facts;
  return [
    absent.length === 0
      ? provisioned.right(count(people.linked.size, "person", "people"))
      : provisioned.wrong(
          `Okta has an id of the directory that does not exist there: ${countNames(absent)}`,
          "see that --base-url is the directory that Okta provisions; else unassign these people and assign them again",
        ),
    asleep.length === 0
      ? active.right("none is inactive")
      : active.warning(
          countNames(asleep),
          "suspended people are meant to be inactive; Okta sends the others again when they are assigned again",
        ),
    strangers.length === 0
      ? known.right("nobody else is active")
      : known.warning(
          `active, but not assigned: ${countNames(strangers)}`,
          "the stack leaves them as they are: assign them in Okta, or deactivate them in the directory",
        ),
    matches.length === 0
      ? linked.right("no assigned person without a link has a record of the same userName")
      : linked.warning(
          `Okta links and overwrites: ${listNames(matches.map(({ assigned, record }) => (assigned === record ? record : `${assigned} with ${record}`)))}`,
          "see that each pair is the same person; rename the record if it is not",
        ),
    twins.length === 0
      ? unique.right("each person has one record")
      : unique.wrong(listNames(twins), "delete or rename one of the two: Okta finds either by its userName"),
  ];
}

function checkPush({ mapping, source, targetName, members }: ExistingPush, { targets }: DirectoryFacts): Check[] {
  const label = source?.name ?? mapping.sourceGroupId;
  const { right, unknown, warning, wrong } = checkOf(
    sections.pushes,
    `push:${label}`,
    `${label} is in the directory with its members`,
  );
  if (targetName === undefined) return [unknown("Okta does not tell the name of the group that it fills")];
  const target = targets.get(mapping.id);
  const pushAgain = `click Push now on the Push Groups tab`;
  if (target instanceof EndpointError) return [unknown(target.message, "run adopt again when the directory answers")];
  if (target === undefined) return [wrong(`there is no group ${JSON.stringify(targetName)}`, pushAgain)];
  const name =
    target.name === targetName
      ? listQuoted([targetName])
      : `${listQuoted([target.name])} instead of ${listQuoted([targetName])}`;
  if (target.members === undefined)
    return [unknown(`${name} has more members than one answer of the directory holds; Okta pushes ${members.size}`)];
  const missing = [...members].filter((id) => target.members?.has(id) === false).length;
  const extra = [...target.members].filter((id) => !members.has(id)).length;
  if (missing + extra + (target.name === targetName ? 0 : 1) === 0)
    return [right(`${name} with ${count(members.size, "member", "members")}`)];
  return [
    warning(
      `${name} has ${count(target.members.size, "member", "members")}, and Okta pushes ${members.size}: ${missing} missing, ${extra} only in the directory`,
      `${pushAgain}, which gives the group Okta's members`,
    ),
  ];
}
