import { featureNames, compareFeatures } from "../../components/oktaIntegration/features.ts";
import { setCommand, setSecretCommand } from "../../components/config/commands.ts";
import { count, listQuoted, sections, type Check } from "../verify/check.ts";
import { renderChecks } from "../verify/report.ts";
import type { Existing } from "./existing.ts";
import type { Adoption } from "./plan.ts";

/** Name of the file that `pulumi import --file` reads. */
export const importFileOf = (stack: string): string => `Pulumi.${stack}.import.json`;

/** The import file: JSON in the form of `pulumi import --file`. */
export const importFileText = ({ imports }: Adoption): string => `${JSON.stringify({ resources: imports }, null, 2)}\n`;

/** The content of the org, in the article's terms: section and sentence. */
function foundLines({ app, appId, assigned, pushes, rules, people, hasProfileMapping }: Existing): string[][] {
  const everything = { createUsers: true, updateUserAttributes: true, deactivateUsers: true };
  const off = compareFeatures(app.features, everything, pushes.length > 0).missing;
  const pushed = pushes.map(({ source, mapping, targetName }) => {
    const name = source?.name ?? mapping.sourceGroupId;
    const renamed = targetName !== undefined && targetName !== name ? ` as ${JSON.stringify(targetName)}` : "";
    return `${JSON.stringify(name)}${renamed} (${mapping.status})`;
  });
  return [
    [sections.integration, `"${app.label}" (${appId}): ${app.name}, ${app.signOnMode}, ${app.status}`],
    [sections.integration, `userName: ${app.userNameTemplate}`],
    [
      sections.settings,
      app.features.length === 0
        ? "provisioning is off"
        : `provisioning is on: ${app.features.join(", ")}${off.length === 0 ? "" : `; off: ${featureNames(off).join(", ")}`}`,
    ],
    [
      sections.provisioning,
      hasProfileMapping ? "Okta has an attribute mapping; it stays as it is" : "there is no attribute mapping",
    ],
    [
      sections.people,
      `${assigned.length === 0 ? "no group" : listQuoted(assigned.map(({ name }) => name))}: ${count(people.assigned, "person", "people")}, ${people.direct} of them alone`,
    ],
    [sections.rules, rules.length === 0 ? "no rule fills these groups" : listQuoted(rules.map(({ name }) => name))],
    ...(pushed.length === 0
      ? [[sections.pushes, "no group is pushed"]]
      : pushed.map((line) => [sections.pushes, line])),
  ];
}

interface Wishes {
  readonly stack: string;
  readonly baseUrl: string | undefined;
  /** The stack file has the directory's token already. */
  readonly hasToken: boolean;
}

/** The commands from the written files to a checked tenant, in order. */
export function commandsOf({ stack, baseUrl, hasToken }: Wishes): string[] {
  return [
    `pulumi stack init ${stack}`,
    ...(baseUrl === undefined ? [setCommand(["endpoint", "baseUrl"], "https://…", stack)] : []),
    ...(hasToken ? [] : [setSecretCommand(["endpoint", "token"], stack)]),
    `pulumi import --stack ${stack} --file ${importFileOf(stack)} --protect=false --generate-code=false`,
    `pulumi preview --diff --stack ${stack}`,
    `pulumi up --stack ${stack}`,
    `npm run verify -- --stack ${stack}`,
  ];
}

interface Report {
  readonly stack: string;
  readonly existing: Existing;
  readonly adoption: Adoption;
  readonly directory: readonly Check[];
  /** What is written into the stack file. */
  readonly yaml: { readonly title: string; readonly text: string };
  readonly commands: readonly string[];
}

/** The whole report as lines for people. */
export function adoptionLines({ stack, existing, adoption, directory, yaml, commands }: Report): string[] {
  const found = foundLines(existing).map(([section = "", line = ""]) => `${section}: ${line}`);
  const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
  const ways = adoption.obstacles.flatMap(({ what, wayOut, stops }) => [
    `${stops ? "STOPS" : "note "}  ${what}`,
    `       ${wayOut}`,
  ]);
  const parts: [string, readonly string[]][] = [
    ["What was found", found],
    ["The directory", renderChecks(directory, false).filter((line) => line !== "")],
    ["What stands in the way", ways.length === 0 ? ["nothing"] : ways],
    [yaml.title, yaml.text.trimEnd().split("\n")],
    [importFileOf(stack), importFileText(adoption).trimEnd().split("\n")],
    ["What the first preview shows", adoption.preview],
    ["The commands, in order", commands],
  ];
  return parts.flatMap(([title, lines]) => ["", title, ...indented(lines)]);
}
