import { z } from "zod";
import { describeAnswer } from "../live/directory.ts";
import type { DeployedService } from "../live/tenant.ts";
import { checkOf, sections, type Check } from "./check.ts";
import { checkEvents } from "./events.ts";
import type { EndpointFacts, Facts, ReaderFacts } from "./facts.ts";

const listResponse = z.object({ totalResults: z.int(), startIndex: z.int(), itemsPerPage: z.int() });

/**
 * "Verify Test Results": the connector test as Okta makes it, whether the service demands the token at all, the readers and
 * the change events.
 */
export function checkEndpoint(
  tenant: DeployedService,
  { connector, withoutToken, readers, events }: EndpointFacts,
): Check[] {
  const { config, tokenEncrypted, stack } = tenant;
  const plain = checkOf(sections.settings, "token-encrypted", "The token stands nowhere in plain text");
  const refuses = checkOf(sections.settings, "token-required", "A request without the token is rejected");
  return [
    tokenEncrypted
      ? plain.right("it is encrypted in the stack")
      : plain.wrong(
          "endpoint.token is readable in the stack's file",
          `rotate it at the directory, then pulumi config set --stack ${stack} --secret --path endpoint.token`,
        ),
    checkConnector(tenant, connector),
    withoutToken.status === 401 || withoutToken.status === 403
      ? refuses.right(describeAnswer(withoutToken))
      : refuses.wrong(
          describeAnswer(withoutToken),
          "see that authentication is on at the service: anybody could read the directory",
        ),
    ...readers.map((reader) => checkReader(reader, stack)),
    ...checkEvents(tenant, events),
    ...checkTokens(config, stack),
    ...checkAddresses(config, stack),
  ];
}

function checkConnector({ outputs, config, stack }: DeployedService, answer: Facts["connector"]): Check {
  const { right, wrong } = checkOf(sections.settings, "connector", "The connector test passes with the real token");
  if (answer.status === 401 || answer.status === 403) {
    return wrong(
      describeAnswer(answer),
      config.endpoint.kind === "managed"
        ? `run "pulumi up --stack ${stack}", then give Okta the token of the output scimToken`
        : `set the token of the directory: pulumi config set --stack ${stack} --secret --path endpoint.token`,
    );
  }
  if (answer.status !== 200) {
    return wrong(describeAnswer(answer), `see that ${outputs.scimBaseUrl} is reachable and is the SCIM base URL`);
  }
  if (!listResponse.safeParse(answer.body).success) {
    return wrong(
      "the answer has no whole numbers totalResults, startIndex and itemsPerPage, which Okta needs",
      "correct the service at the base URL: RFC 7644 section 3.4.2",
    );
  }
  return right(`GET ${outputs.scimBaseUrl}/Users answers as Okta needs it`);
}

function checkReader({ name, answers }: ReaderFacts, stack: string): Check {
  const { right, wrong } = checkOf(sections.settings, `reader:${name}`, `The reader ${name} may read, and only read`);
  const deploy = `run "pulumi up --stack ${stack}", then give ${name} its token of the output readerTokens`;
  if (answers === undefined) return wrong("the stack has no token for it", deploy);
  const { read, write } = answers;
  if (read.status !== 200) return wrong(`its token cannot read: ${describeAnswer(read)}`, deploy);
  if (write.status !== 403) return wrong(`its token is not refused for a change: ${describeAnswer(write)}`, deploy);
  return right("its token reads, and the service refuses a change with it");
}

/** Two accepted tokens are only for a rotation, and no API tells which of them Okta has. */
function checkTokens(config: DeployedService["config"], stack: string): Check[] {
  if (config.endpoint.kind === "external" || config.tokenGeneration === 1) return [];
  const { right, warning } = checkOf(sections.settings, "previous-token", "Only the newest token is accepted");
  if (!config.acceptPreviousToken) return [right(`generation ${config.tokenGeneration}`)];
  return [
    warning(
      `generations ${config.tokenGeneration - 1} and ${config.tokenGeneration} are accepted, and no API tells which one Okta has`,
      `do the steps of "npm run next-steps -- --stack ${stack}", which end with the old token switched off`,
    ),
  ];
}

/** Both addresses answer until Okta has the new one. */
function checkAddresses({ endpoint }: DeployedService["config"], stack: string): Check[] {
  if (endpoint.kind === "external" || endpoint.domain === undefined) return [];
  const { right, warning } = checkOf(sections.settings, "one-address", "Only the custom domain answers");
  if (endpoint.domain.onlyAddress) return [right(endpoint.domain.name)];
  return [
    warning(
      `the default address answers beside ${endpoint.domain.name}, and no API tells which one Okta has`,
      `do the steps of "npm run next-steps -- --stack ${stack}", which end with the default address switched off`,
    ),
  ];
}
