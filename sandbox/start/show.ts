import { renderChecks, summarize } from "../../operations/verify/report.ts";
import { messageOf } from "../support/errors.ts";
import { readDirectory } from "../tenant/directoryView.ts";
import { hideSecrets } from "../tenant/outputs.ts";
import type { Handmade } from "../tenant/handmade.ts";
import type { Tenant } from "../tenant/tenant.ts";
import type { Report } from "./report.ts";

export interface Shown {
  readonly showSecrets: boolean;
  /** Address of the page. */
  readonly consoleUrl: string;
  /** Header file for curl. */
  readonly headerFile: string;
}

/** Prints a tenant for people: the address of its page, outputs, remaining steps or the directory, and a request to try. */
export async function showTenant(tenant: Tenant, report: Report, shown: Shown): Promise<void> {
  const { outputs } = tenant;
  report.heading("Outputs");
  for (const [name, value] of Object.entries(shownOutputs(tenant, shown.showSecrets))) {
    if (name !== "nextSteps") report.row(name, typeof value === "string" ? value : JSON.stringify(value));
  }
  const steps = Array.isArray(outputs["nextSteps"]) ? outputs["nextSteps"].map(String) : [];
  if (steps.length > 0) {
    report.heading("Next steps");
    steps.forEach((step, index) => report.line(`  ${String(index + 1).padStart(2)}. ${step}`));
  } else {
    await showDirectory(tenant, report);
  }
  report.heading("Look at it");
  report.row("page", shown.consoleUrl);
  report.row("directory", `curl -s -H @${shown.headerFile} '${String(outputs["scimBaseUrl"])}/Groups'`);
  report.row("end", "Ctrl-C stops everything");
  report.line();
}

/** Prints the checks of `verify`. They only report: the tenant runs even if they cannot be done. */
export async function showChecks(tenant: Tenant, report: Report): Promise<void> {
  try {
    const checks = await report.stage("The article's steps, checked by verify", () => tenant.verify(report.progress));
    for (const line of renderChecks(checks, report.coloured)) report.line(line);
    report.line(`\n  ${summarize(checks)}`);
  } catch (error) {
    report.error(messageOf(error));
  }
}

/** Prints how to rehearse the adoption of an app that was made by hand. */
export function showAdoption({ org, outputs }: Tenant, report: Report, { appId, label }: Handmade): void {
  report.heading(`Adopt "${label}" in another terminal`);
  report.line(`  export OKTA_HTTP_PROXY=${org.url} OKTA_API_TOKEN=${org.apiToken}`);
  report.line(`  npm run adopt -- --stack adopted --app ${appId} --base-url ${String(outputs["scimBaseUrl"])}`);
}

/** People and groups that are listed. */
const MOST_SHOWN = 20;

async function showDirectory({ outputs }: Tenant, report: Report): Promise<void> {
  const { users, groups } = await readDirectory(String(outputs["scimBaseUrl"]), String(outputs["scimToken"]));
  report.heading(`In the directory: ${users.length} people, ${groups.length} groups`);
  for (const { userName, displayName, active } of users.slice(0, MOST_SHOWN)) {
    report.row(userName, `${displayName ?? ""}${active === false ? " (inactive)" : ""}`);
  }
  if (users.length > MOST_SHOWN) report.line(`  and ${users.length - MOST_SHOWN} more`);
  for (const { displayName, members } of groups.slice(0, MOST_SHOWN))
    report.row(`group ${displayName}`, `${members.length} members`);
  if (groups.length > MOST_SHOWN) report.line(`  and ${groups.length - MOST_SHOWN} more`);
}

/** The line for other programs (`--json`). */
export function readyLine(tenant: Tenant, showSecrets: boolean, consoleUrl: string): string {
  return JSON.stringify({
    ready: true,
    stack: tenant.stack,
    outputs: shownOutputs(tenant, showSecrets),
    okta: { url: tenant.org.url, apiToken: tenant.org.apiToken },
    aws: { dynamodbEndpoint: tenant.cloud.dynamodbEndpoint },
    console: consoleUrl,
  });
}

const shownOutputs = ({ outputs, secretOutputs }: Tenant, showSecrets: boolean): Readonly<Record<string, unknown>> =>
  showSecrets ? outputs : hideSecrets(outputs, secretOutputs);
