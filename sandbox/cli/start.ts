import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { renderChecks, summarize } from "../../operations/verify/report.ts";
import { startConsole } from "../console/server.ts";
import { traceLine } from "../console/traceLine.ts";
import { readDirectory } from "../tenant/directoryView.ts";
import { parseStartOptions, usage, type StartOptions } from "./options.ts";
import { hideSecrets } from "../tenant/outputs.ts";
import { createReport, type Report } from "./report.ts";
import { startTenant, type Tenant } from "../tenant/tenant.ts";

const DEFAULT_PORT = 8480;

/** This project supports Node 20; a word about it from the AWS SDK would stand in the middle of the stages. */
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Resolves at the first SIGINT or SIGTERM, or when the process that started this one is gone. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve());
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) resolve();
    }, 500).unref();
  });
}

async function bringUp(options: StartOptions, report: Report): Promise<Tenant> {
  const start = (port: number): Promise<Tenant> =>
    startTenant({
      ...options,
      port,
      stage: report.stage,
      onNotice: (notice) => report.error(notice),
      onExchange: (exchange, cost) => {
        if (options.trace) report.trace(traceLine(exchange, cost, report.coloured));
      },
    });
  if (options.port !== undefined) return start(options.port);
  try {
    return await start(DEFAULT_PORT);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EADDRINUSE")) throw error;
    report.line(`  port ${DEFAULT_PORT} is taken; using a free one`);
    return start(0);
  }
}

async function showTenant(
  tenant: Tenant,
  options: StartOptions,
  report: Report,
  consoleUrl: string,
  headerFile: string,
): Promise<void> {
  const { outputs } = tenant;
  const shown = options.showSecrets ? outputs : hideSecrets(outputs, tenant.secretOutputs);
  report.heading("Outputs");
  for (const [name, value] of Object.entries(shown)) {
    if (name !== "nextSteps") report.row(name, typeof value === "string" ? value : JSON.stringify(value));
  }
  const steps = Array.isArray(outputs["nextSteps"]) ? outputs["nextSteps"].map(String) : [];
  if (steps.length > 0) {
    report.heading("Next steps");
    steps.forEach((step, index) => report.line(`  ${String(index + 1).padStart(2)}. ${step}`));
  }
  const baseUrl = String(outputs["scimBaseUrl"]);
  const token = String(outputs["scimToken"]);
  if (steps.length === 0) {
    const { users, groups } = await readDirectory(baseUrl, token);
    report.heading(`In the directory: ${users.length} people, ${groups.length} groups`);
    for (const user of users)
      report.row(user.userName, `${user.displayName ?? ""}${user.active === false ? " (inactive)" : ""}`);
    for (const group of groups) report.row(`group ${group.displayName}`, `${group.members.length} members`);
  }
  const checks = await report.stage("The article's steps, checked by verify", () => tenant.verify());
  for (const line of renderChecks(checks, report.coloured)) report.line(line);
  report.line(`\n  ${summarize(checks)}`);
  report.heading("Try next");
  report.line(`  curl -s -H @${headerFile} '${baseUrl}/Groups'`);
  report.line(`  open ${consoleUrl}`);
  report.line(`  Ctrl-C stops everything`);
}

/** A header file for curl that only this user can read, so that no token stands on a screen or in a process list. */
async function writeCredentials(authorization: string): Promise<{ headerFile: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "okta-scim-"));
  const headerFile = join(folder, "headers");
  await writeFile(headerFile, `Authorization: ${authorization}\n`, { mode: 0o600 });
  return { headerFile, remove: () => rm(folder, { recursive: true, force: true }) };
}

async function main(): Promise<number> {
  let options: StartOptions;
  try {
    options = parseStartOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`error: ${message(error)}\n\n${usage}\n`);
    return 2;
  }
  const report = createReport(options.json ? process.stderr : process.stdout);
  const stopped = stopSignal();
  report.heading(`Tenant ${options.stack} on this machine`);
  let tenant: Tenant;
  try {
    const starting = bringUp(options, report);
    const first = await Promise.race([starting, stopped.then(() => undefined)]);
    if (first === undefined) {
      await starting.then(
        (late) => late.close(),
        () => undefined,
      );
      return 130;
    }
    tenant = first;
  } catch (error) {
    report.error(message(error));
    return 1;
  }
  const page = await startConsole(tenant);
  const credentials = await writeCredentials(String(tenant.outputs["scimAuthorization"]));
  try {
    await showTenant(tenant, options, report, page.url, credentials.headerFile);
    if (options.json) {
      const outputs = options.showSecrets ? tenant.outputs : hideSecrets(tenant.outputs, tenant.secretOutputs);
      const ready = {
        ready: true,
        stack: options.stack,
        outputs,
        okta: { url: tenant.org.url, apiToken: tenant.org.apiToken },
        aws: { dynamodbEndpoint: tenant.cloud.dynamodbEndpoint },
        console: page.url,
      };
      process.stdout.write(`${JSON.stringify(ready)}\n`);
    }
    if (!options.exit) await stopped;
    return 0;
  } catch (error) {
    report.error(message(error));
    return 1;
  } finally {
    await credentials.remove();
    await page.close();
    await tenant.close();
  }
}

process.exitCode = await main();
process.exit();
