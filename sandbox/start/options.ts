import { randomInt } from "node:crypto";
import { USUAL_PEOPLE } from "../okta/org/people.ts";
import { quirksHelp, readQuirks, type Quirks } from "../okta/org/quirks.ts";
import { readOptions } from "../support/command.ts";
import { parseOverrides } from "../support/overrides.ts";
import { faultHelp, parseFaults, type FreedomOptions } from "../aws/dynamodb/faults/freedoms.ts";

export interface StartOptions {
  /** The options as they were typed, quoted for a shell, without the page's port. A secret reads `[secret]`. */
  readonly typed: readonly string[];
  readonly stack: string;
  /** Overrides of the stack's file: key (without the namespace) → text; JSON if it is JSON. */
  readonly config: ReadonlyMap<string, string>;
  /** Port of the SCIM service's gateway; 0 means any free port, undefined the default port if it is free. */
  readonly port: number | undefined;
  /** Port of the page, in the same way. */
  readonly pagePort: number | undefined;
  /** People of the org at the start. */
  readonly seed: number;
  readonly showSecrets: boolean;
  readonly exit: boolean;
  readonly json: boolean;
  /** Print each SCIM exchange as it happens. */
  readonly trace: boolean;
  /** The faults of DynamoDB as soon as the tenant is up. */
  readonly faults: FreedomOptions | undefined;
  /** Public hosts that lead functions to servers of this machine. */
  readonly routes: ReadonlyMap<string, string>;
  /** Awkward behaviour of the Okta org. */
  readonly quirks: Quirks;
  /** `handmade`: an administrator follows the article by hand, and the stack makes the AWS half alone. */
  readonly org: "declared" | "handmade";
}

const quirkLines = Object.entries(quirksHelp)
  .map(([key, help]) => `    ${key}=${help}`.replace(/=(\w+): /, (_all, value: string) => `=${value}  `))
  .join("\n");
const faultLines = faultHelp.map(([kind, help]) => `    ${kind.padEnd(18)} ${help}`).join("\n");

export const usage = `usage: npm start -- [options]
Runs a whole tenant on this machine until Ctrl-C.
  --stack NAME         tenant to run: Pulumi.NAME.yaml (default: dev)
  --config KEY=VALUE   overrides a configuration key; repeatable; VALUE is read as JSON if it is JSON
  --port N             port of the SCIM service; 0 means any free port (default: 8480 if it is free)
  --page-port N        port of the page; 0 means any free port (default: 8481 if it is free; any with --port 0)
  --seed N             people in the Okta org at the start, 1 to 10000 (default: 25)
  --show-secrets       prints the token instead of [secret]
  --json               the last line on stdout is one JSON object
  --trace              prints each SCIM exchange as it happens
  --exit               stops with code 0 as soon as everything is shown
  --faults LIST        disturbs DynamoDB as soon as the tenant is up: "all", or kinds separated by commas, with
                       rate=0.02 (share of requests), seed=N (repeats a run) and key-limit=1000 (write units a
                       second of one partition key). Kinds:
${faultLines}
  --org-option KEY=VALUE
                       lets the Okta org be as awkward as a real one; repeatable. Options:
${quirkLines}
  --route HOST=URL     leads the https requests of functions to a public host, such as a receiver of pushed events,
                       to a server of this machine: --route hooks.example.com=http://127.0.0.1:9000; repeatable
  --org handmade       an org that was connected by hand, to rehearse npm run adopt: the stack makes the AWS half
                       alone, which stands for the directory that exists already
  --help               prints this`;

/**
 * @returns the options, or "help"
 * @throws Error whose message says which option is wrong and what is allowed
 */
export function parseStartOptions(args: readonly string[]): StartOptions | "help" {
  const { values, tokens } = readOptions({
    args: [...args],
    tokens: true,
    options: {
      stack: { type: "string", default: "dev" },
      config: { type: "string", multiple: true, default: [] },
      port: { type: "string" },
      "page-port": { type: "string" },
      seed: { type: "string" },
      "show-secrets": { type: "boolean", default: false },
      exit: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      trace: { type: "boolean", default: false },
      faults: { type: "string" },
      route: { type: "string", multiple: true, default: [] },
      org: { type: "string", default: "declared" },
      "org-option": { type: "string", multiple: true, default: [] },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return "help";
  if (values.org !== "declared" && values.org !== "handmade") {
    throw new Error(`--org takes handmade, not ${JSON.stringify(values.org)}`);
  }
  const config = parseOverrides("--config", values.config);
  const port = parsePort("--port", values.port);
  const pagePort = parsePort("--page-port", values["page-port"]);
  if (port !== undefined && port !== 0 && port === pagePort)
    throw new Error(`--port and --page-port are both ${port}; choose two ports, or any free one with 0`);
  const given = tokens.flatMap((token) => (token.kind === "option" ? [token] : []));
  return {
    typed: given.filter(({ name }) => name !== "page-port").map(typedOption),
    stack: values.stack,
    org: values.org,
    config: values.org === "handmade" ? new Map([...handmadeConfig, ...config]) : config,
    port,
    // Without a fixed port for the service, several tenants may run side by side.
    pagePort: pagePort ?? (port === 0 ? 0 : undefined),
    seed: parseSeed(values.seed),
    showSecrets: values["show-secrets"],
    exit: values.exit,
    json: values.json,
    trace: values.trace,
    routes: parseRoutes(values.route),
    quirks: readQuirks(parseOverrides("--org-option", values["org-option"])),
    faults: values.faults === undefined ? undefined : parseFaults(values.faults, randomInt(2 ** 31)),
  };
}

/** `--config 'throttle={"burst": 5}'` */
function typedOption({ rawName, value }: { readonly rawName: string; readonly value?: string | undefined }): string {
  if (value === undefined) return rawName;
  const shown = SECRET.test(value) ? `${value.split("=", 1).join("")}=[secret]` : value;
  return `${rawName} ${/^[\w@%+=:,./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", `'\\''`)}'`}`;
}

/** A value of the configuration with a field that holds a secret. */
const SECRET = /"(?:token|authorization)"/;

/** The integration that `connectByHand` makes, as the stack of the AWS half declares it. */
const handmadeConfig: readonly (readonly [string, string])[] = [
  ["oktaHalf", "byHand"],
  ["pushGroups", JSON.stringify(["Developers", { name: "Designers", targetName: "Design" }])],
];

/** @throws Error that names the wrong route */
function parseRoutes(pairs: readonly string[]): ReadonlyMap<string, string> {
  const routes = parseOverrides("--route", pairs);
  for (const [host, target] of routes) {
    const url = URL.canParse(target) ? new URL(target) : undefined;
    if (!/^[a-z0-9.-]+$/.test(host) || url?.protocol !== "http:" || !/^(127\.[\d.]+|localhost)$/.test(url.hostname))
      throw new Error(
        `--route takes HOST=http://127.0.0.1:PORT with a host name in small letters, not "${host}=${target}"`,
      );
  }
  return routes;
}

const MOST_PEOPLE = 10_000;

function parseSeed(text: string | undefined): number {
  if (text === undefined) return USUAL_PEOPLE;
  const many = Number(text);
  if (text.trim() === "" || !Number.isInteger(many) || many < 1 || many > MOST_PEOPLE)
    throw new Error(`--seed takes a whole number from 1 to ${MOST_PEOPLE}, not "${text}"`);
  return many;
}

function parsePort(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (text.trim() === "" || !Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`${option} takes a whole number from 0 to 65535, not "${text}"`);
  }
  return port;
}
