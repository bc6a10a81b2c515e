import { z } from "zod";
import type { Facts } from "./facts.ts";
import type { ProbeAnswer } from "../live/endpoint.ts";
import type { DeployedTenant } from "../live/tenant.ts";
import { checksOf, type Check } from "./check.ts";

const SECTION = "Configuring SCIM settings";
const listResponse = z.object({ totalResults: z.int(), startIndex: z.int(), itemsPerPage: z.int() });
const scimError = z.object({ detail: z.string() });

/** What a service answered, in a few words and without anything that it was sent. */
export function describeAnswer({ status, body }: ProbeAnswer): string {
  if (status === undefined) return `no answer: ${String(body)}`;
  const error = scimError.safeParse(body);
  return error.success ? `${status}: ${error.data.detail}` : `${status}`;
}

/** "Verify Test Results": the connector test as Okta makes it, and that the token is needed at all. */
export function checkEndpoint(
  { outputs, config, tokenEncrypted }: DeployedTenant,
  { connector, withoutToken }: Facts,
): Check[] {
  const { right, wrong } = checksOf(SECTION);
  const step = "The connector test passes with the real token";
  const result = (): Check => {
    if (connector.status === 401 || connector.status === 403) {
      const managed = config.endpoint.kind === "managed";
      return wrong(
        step,
        describeAnswer(connector),
        managed
          ? "run pulumi up, then give Okta the token of scimToken"
          : "set endpoint.token to the token of the directory",
      );
    }
    if (connector.status !== 200) {
      return wrong(
        step,
        describeAnswer(connector),
        `see that ${outputs.scimBaseUrl} is reachable and is the SCIM base URL`,
      );
    }
    if (!listResponse.safeParse(connector.body).success) {
      return wrong(
        step,
        "the answer has no whole numbers totalResults, startIndex and itemsPerPage, which Okta wants",
        "mend the service at the base URL: RFC 7644 section 3.4.2",
      );
    }
    return right(step, `GET ${outputs.scimBaseUrl}/Users answers as Okta wants`);
  };
  const refuses = withoutToken.status === 401 || withoutToken.status === 403;
  const token = tokenEncrypted
    ? right("The token stands nowhere in plain text", "it is encrypted in the stack")
    : wrong(
        "The token stands nowhere in plain text",
        "endpoint.token is readable in the stack's file",
        "rotate it at the directory, then pulumi config set --secret --path endpoint.token",
      );
  return [
    token,
    result(),
    refuses
      ? right("A request without the token is refused", describeAnswer(withoutToken))
      : wrong(
          "A request without the token is refused",
          describeAnswer(withoutToken),
          "see that authentication is on at the service: anybody could read the directory",
        ),
  ];
}
