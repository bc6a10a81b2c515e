import { problemLine } from "../../components/config/errors.ts";
import { NAMESPACE, checkTenantConfig } from "../../components/config/tenant.ts";
import { EndpointError, describeAnswer, directoryReader } from "../live/directory.ts";
import { scimEndpoint } from "../live/endpoint.ts";
import { checkOf, sections, type Check } from "../verify/check.ts";
import { checkDirectory } from "./directoryChecks.ts";
import { readDirectoryFacts } from "./directoryFacts.ts";
import type { Existing } from "./existing.ts";

/** The environment variable with the directory's token. An option would stand in the list of processes. */
export const TOKEN_VARIABLE = "SCIM_TOKEN";

/** The directory that the app provisions. */
export interface DirectoryAccess {
  readonly baseUrl: string | undefined;
  readonly token: string | undefined;
}

/**
 * Reads the directory, if its address and token are given, and judges it beside the org. Sends only GET requests. A
 * directory that cannot be read is a check of the state `unknown`, or `wrong` if it rejects the token.
 */
export async function readDirectory(
  existing: Existing,
  { baseUrl, token }: DirectoryAccess,
  say: (line: string) => void,
): Promise<Check[]> {
  const { unknown, wrong } = checkOf(sections.settings, "connector", "The directory answers with the token");
  const set = `set ${TOKEN_VARIABLE} to the directory's token, and run adopt again`;
  if (baseUrl === undefined) return [unknown("not read: --base-url is not given", "name it, and run adopt again")];
  if (token === undefined || token === "") return [unknown(`not read: ${TOKEN_VARIABLE} is not set`, set)];
  // The token goes to no address, and no text in a header, that a stack would refuse.
  const given = JSON.stringify({ kind: "external", baseUrl, token });
  const { config, problems } = checkTenantConfig({ [`${NAMESPACE}:tenant`]: "aa", [`${NAMESPACE}:endpoint`]: given });
  if (config?.endpoint.kind !== "external") {
    const correct = "correct --base-url, and run adopt again";
    return problems.map((problem) =>
      unknown(`not read: ${problemLine(problem)}`, problem.path === "endpoint.token" ? set : correct),
    );
  }
  say(`Reading ${config.endpoint.baseUrl}`);
  const endpoint = scimEndpoint(config.endpoint.baseUrl);
  try {
    const reader = directoryReader(endpoint, `Bearer ${token}`, false);
    return checkDirectory(existing, await readDirectoryFacts(existing, reader));
  } catch (error) {
    if (!(error instanceof EndpointError)) throw error;
    const { status } = error.answer;
    return status === 401 || status === 403
      ? [wrong(`the directory rejects the token (${describeAnswer(error.answer)})`, set)]
      : [
          unknown(
            error.message,
            `see that ${config.endpoint.baseUrl} is the SCIM base URL and is reachable from this machine, and run adopt again`,
          ),
        ];
  }
}
