import { randomBytes } from "node:crypto";
import process from "node:process";
import { announceTenant } from "../../operations/live/localTenant.ts";
import { seededEventFreedoms } from "../aws/eventFreedoms.ts";
import { seededFreedoms } from "../aws/dynamodb/faults/freedoms.ts";
import type { ConsoleOptions, ConsolePage } from "../console/server.ts";
import { traceLine } from "../console/traceLine.ts";
import { createClosers } from "../support/closers.ts";
import { messageOf } from "../support/errors.ts";
import { connectByHand, type Handmade } from "../tenant/handmade.ts";
import { checkConfig } from "../tenant/stackConfig.ts";
import { startTenant, type Tenant } from "../tenant/tenant.ts";
import { writeHeaderFile } from "./credentials.ts";
import type { StartOptions } from "./options.ts";
import { choosePort, PAGE, portError, SCIM_SERVICE } from "./ports.ts";
import { createReport, type Report } from "./report.ts";
import { readyLine, showAdoption, showChecks, showTenant } from "./show.ts";

/** Ports that every life of the tenant uses; 0 means any free port. */
interface Ports {
  readonly scim: number;
  readonly page: number;
}

/** The end of a tenant: for good, or because the page asked to start again. */
type End = { readonly exitCode: number } | { readonly pagePort: number };

/**
 * Brings a tenant up, shows it, and keeps it until a signal or, with `exit`, until everything is shown. The page can
 * start it again from the beginning; ports and options stay the same.
 * @returns the exit code
 */
export async function runStart(options: StartOptions): Promise<number> {
  const report = createReport(options.json ? process.stderr : process.stdout);
  const stopped = stopSignal();
  const notice = (text: string): void => report.line(`  ${text}`);
  report.heading(`Tenant ${options.stack} on this machine`);
  try {
    const scim = await choosePort(SCIM_SERVICE, options.port, notice, options.pagePort);
    let page = await choosePort(PAGE, options.pagePort, notice, scim);
    await checkConfig(options.stack, options.config);
    for (;;) {
      const ports = { scim, page };
      const tenant = await unlessStopped(bringUp(options, ports, report), stopped);
      if (tenant === undefined) return 130;
      const end = await present(tenant, { options, ports, report, stopped });
      if ("exitCode" in end) return end.exitCode;
      page = end.pagePort;
      report.heading("Back to the beginning");
    }
  } catch (error) {
    report.error(messageOf(error));
    return 1;
  }
}

/** The tenant, or undefined if the signal comes first; the tenant is then closed as soon as it is up. */
async function unlessStopped(starting: Promise<Tenant>, stopped: Promise<void>): Promise<Tenant | undefined> {
  const first = await Promise.race([starting, stopped.then(() => undefined)]);
  if (first !== undefined) return first;
  await starting.then(
    (late) => late.close(),
    () => undefined,
  );
  return undefined;
}

function bringUp(options: StartOptions, ports: Ports, report: Report): Promise<Tenant> {
  return startTenant({
    stack: options.stack,
    config: options.config,
    quirks: options.quirks,
    routes: options.routes,
    seed: options.seed,
    port: ports.scim,
    stage: report.stage,
    meanwhile: loadLater,
    onProgress: report.progress,
    onNotice: (notice) => report.error(notice),
    onExchange: (exchange, cost) => {
      if (options.trace) report.trace(traceLine(exchange, cost, report.coloured));
    },
  });
}

/** Loads the page and the checks, so that nobody waits for them after the deployments. Errors show where they are used. */
async function loadLater(): Promise<void> {
  await Promise.allSettled([import("../console/server.ts"), import("../../operations/verify/verifyStack.ts")]);
}

/** The app of an org that was connected by hand; undefined if the stack declared it. */
async function handmade(tenant: Tenant, options: StartOptions, report: Report): Promise<Handmade | undefined> {
  if (options.org !== "handmade") return undefined;
  const { scimBaseUrl, scimToken } = tenant.outputs;
  const directory = { baseUrl: String(scimBaseUrl), token: String(scimToken) };
  return report.stage("The article, followed by hand in the Admin Console", async () => {
    const app = await connectByHand(tenant.org, directory);
    tenant.setConnected();
    await tenant.up({});
    return app;
  });
}

interface Life {
  readonly options: StartOptions;
  readonly ports: Ports;
  readonly report: Report;
  readonly stopped: Promise<void>;
}

async function present(tenant: Tenant, { options, ports, report, stopped }: Life): Promise<End> {
  const closers = createClosers();
  closers.add(() => tenant.close());
  try {
    const secret = randomBytes(32).toString("base64url");
    let startAgain = (): void => undefined;
    const reset = new Promise<boolean>((resolve) => (startAgain = () => resolve(true)));
    const page = await openPage(tenant, {
      ...{ controlSecret: secret, port: ports.page, startOptions: options.typed },
      onReset: () => startAgain(),
      checkReset: () => checkConfig(options.stack, options.config),
    });
    closers.add(() => page.close());
    const headers = await writeHeaderFile(String(tenant.outputs["scimAuthorization"]));
    closers.add(() => headers.remove());
    closers.add(await announceTenant({ stack: tenant.stack, url: page.url, secret, pid: process.pid }));
    const { showSecrets, faults } = options;
    const app = await handmade(tenant, options, report);
    await showTenant(tenant, report, { showSecrets, consoleUrl: page.url, headerFile: headers.path });
    if (app !== undefined) showAdoption(tenant, report, app);
    await showChecks(tenant, report);
    if (faults !== undefined) {
      tenant.cloud.disturb(seededFreedoms(faults));
      tenant.cloud.eventFreedoms = seededEventFreedoms(faults);
      report.line(`\n  DynamoDB is disturbed from now on (seed=${faults.seed}, rate=${faults.rate})`);
    }
    if (options.json) process.stdout.write(`${readyLine(tenant, showSecrets, page.url)}\n`);
    if (options.exit) return { exitCode: 0 };
    const isReset = await Promise.race([reset, stopped.then(() => false)]);
    return isReset ? { pagePort: Number(new URL(page.url).port) } : { exitCode: 0 };
  } finally {
    await closers.close();
  }
}

/** @throws PortError if another process took the port since the start */
async function openPage(tenant: Tenant, options: ConsoleOptions): Promise<ConsolePage> {
  const { startConsole } = await import("../console/server.ts");
  try {
    return await startConsole(tenant, options);
  } catch (error) {
    throw portError(PAGE, options.port ?? 0, error);
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
