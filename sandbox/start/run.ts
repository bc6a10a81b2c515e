import { randomBytes } from "node:crypto";
import process from "node:process";
import { announceTenant } from "../../operations/live/localTenant.ts";
import { seededFreedoms } from "../aws/dynamodb/faults/freedoms.ts";
import { startConsole } from "../console/server.ts";
import { traceLine } from "../console/traceLine.ts";
import { messageOf } from "../support/errors.ts";
import { connectByHand, type Handmade } from "../tenant/handmade.ts";
import { checkConfig } from "../tenant/stackConfig.ts";
import { startTenant, type Tenant } from "../tenant/tenant.ts";
import { writeHeaderFile } from "./credentials.ts";
import type { StartOptions } from "./options.ts";
import { choosePort } from "./ports.ts";
import { createReport, type Report } from "./report.ts";
import { readyLine, showAdoption, showTenant } from "./show.ts";

/**
 * Brings a tenant up, shows it, and keeps it until a signal or, with `exit`, until everything is shown.
 * @returns the exit code
 */
export async function runStart(options: StartOptions): Promise<number> {
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
    report.error(messageOf(error));
    return 1;
  }
  return present(tenant, options, report, stopped);
}

async function bringUp(options: StartOptions, report: Report): Promise<Tenant> {
  const port = await choosePort(options.port, (notice) => report.line(`  ${notice}`));
  await checkConfig(options.stack, options.config);
  return startTenant({
    stack: options.stack,
    config: options.config,
    quirks: options.quirks,
    port,
    stage: report.stage,
    onNotice: (notice) => report.error(notice),
    onExchange: (exchange, cost) => {
      if (options.trace) report.trace(traceLine(exchange, cost, report.coloured));
    },
  });
}

/** The app of an org that was connected by hand; undefined if the stack declared it. */
async function handmade(tenant: Tenant, options: StartOptions, report: Report): Promise<Handmade | undefined> {
  if (options.org !== "handmade") return undefined;
  const { scimBaseUrl, scimToken } = tenant.outputs;
  const directory = { baseUrl: String(scimBaseUrl), token: String(scimToken) };
  return report.stage("The article, followed by hand in the Admin Console", async () => {
    const app = await connectByHand(tenant.org, directory);
    await tenant.up({ connection: "ready" });
    return app;
  });
}

async function present(tenant: Tenant, options: StartOptions, report: Report, stopped: Promise<void>): Promise<number> {
  const secret = randomBytes(32).toString("base64url");
  const page = await startConsole(tenant, secret);
  const withdraw = await announceTenant({ stack: tenant.stack, url: page.url, secret, pid: process.pid });
  const headers = await writeHeaderFile(String(tenant.outputs["scimAuthorization"]));
  try {
    const { showSecrets, faults } = options;
    const app = await handmade(tenant, options, report);
    await showTenant(tenant, report, { showSecrets, consoleUrl: page.url, headerFile: headers.path });
    if (app !== undefined) showAdoption(tenant, report, app);
    if (faults !== undefined) {
      tenant.cloud.disturb(seededFreedoms(faults));
      report.line(`\n  DynamoDB is disturbed from now on (seed=${faults.seed}, rate=${faults.rate})`);
    }
    if (options.json) process.stdout.write(`${readyLine(tenant, showSecrets, page.url)}\n`);
    if (!options.exit) await stopped;
    return 0;
  } catch (error) {
    report.error(messageOf(error));
    return 1;
  } finally {
    await withdraw();
    await headers.remove();
    await page.close();
    await tenant.close();
  }
}

/** Resolves at the first SIGINT, SIGTERM or SIGHUP, or when the process that started this one is gone. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve());
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) resolve();
    }, 500).unref();
  });
}
