import { setCommand } from "../../components/config/commands.ts";
import { problemLine, type Problem } from "../../components/config/errors.ts";
import { fileOf, type StackFile } from "../live/stackFile.ts";
import { checkFile } from "../tenants/newTenant.ts";
import type { TenantFile } from "../tenants/stacks.ts";
import type { Obstacle } from "./obstacles.ts";

const ORG = "okta:orgName";
const BASE = "okta:baseUrl";

/** The way out for a value of a file that is not written yet: no `pulumi config` command can correct it. */
const ways: Readonly<Record<string, string>> = {
  assignmentGroup: "assign a group of its own to the app, and choose it with --assignment-group NAME",
  tenant: "choose another name with --stack NAME: the slug follows from it",
  "app.label": "choose another name with --stack NAME: the default label follows from it",
  "endpoint.baseUrl": "correct --base-url, and run adopt again",
  [ORG]: "correct OKTA_ORG_NAME, and run adopt again",
  [BASE]: "correct OKTA_BASE_URL, and run adopt again",
};
const wayOf = ({ path, fix }: Problem): string => ways[path] ?? fix;

/**
 * What is wrong in the stack file that adopt writes, by itself and beside the other tenants. A tenant whose file names no
 * org belongs to the org of its environment, which may be the one that adopt reads: what the two would share in one org
 * stops the adoption until the other file names its org.
 */
export function ofFile(others: readonly TenantFile[], file: StackFile): Obstacle[] {
  const isNamed = ({ file: { config } }: TenantFile): boolean => typeof config[ORG] === "string";
  const problems = checkFile(others.filter(isNamed), file).problems;
  const known = new Set(problems.map(problemLine));
  const shared = others
    .filter((other) => !isNamed(other))
    .flatMap((other) =>
      checkFile([inOrgOf(file, other)], file)
        .problems.filter((problem) => !known.has(problemLine(problem)))
        .map((problem) => stop(problem, problem.path === "tenant" ? wayOf(problem) : nameOrg(other, problem))),
    );
  return [...problems.map((problem) => stop(problem, wayOf(problem))), ...shared];
}

const stop = (problem: Problem, wayOut: string): Obstacle => ({ what: problemLine(problem), wayOut, stops: true });

const nameOrg = ({ file: { stack } }: TenantFile, problem: Problem): string =>
  `if ${fileOf(stack)} is of another org, name that org there: ${setCommand([ORG], "NAME", stack)}; if it is of the same org, ${wayOf(problem)}`;

/** The tenant as one of the file's org, unless its own base URL tells that it is of another one. */
function inOrgOf({ config }: StackFile, { file, ...tenant }: TenantFile): TenantFile {
  const org = Object.fromEntries([ORG, BASE].flatMap((key) => (key in config ? [[key, config[key]]] : [])));
  return { ...tenant, file: { ...file, config: { ...org, ...file.config } } };
}
