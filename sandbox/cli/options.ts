import { parseArgs } from "node:util";

export interface StartOptions {
  readonly stack: string;
  /** Overrides of the stack's file: key (without the namespace) → text, JSON where it is JSON. */
  readonly config: ReadonlyMap<string, string>;
  /** Port of the SCIM service's gateway; 0 means any free port, undefined the default one if it is free. */
  readonly port: number | undefined;
  readonly showSecrets: boolean;
  readonly exit: boolean;
  readonly json: boolean;
  /** Print each SCIM exchange as it happens. */
  readonly trace: boolean;
}

export const usage = `usage: npm start -- [options]
  --stack NAME         the tenant to run: Pulumi.NAME.yaml (dev)
  --config KEY=VALUE   override a configuration key; repeatable; VALUE is read as JSON where it is JSON
  --port N             port of the SCIM service; 0 means any free port
  --show-secrets       print the token instead of [secret]
  --json               the last line on stdout is one JSON object
  --trace              print each SCIM exchange as it happens
  --exit               stop with code 0 once everything was shown`;

/** @throws Error whose message says which option is wrong. */
export function parseStartOptions(args: readonly string[]): StartOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      stack: { type: "string", default: "dev" },
      config: { type: "string", multiple: true, default: [] },
      port: { type: "string" },
      "show-secrets": { type: "boolean", default: false },
      exit: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      trace: { type: "boolean", default: false },
    },
  });
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw new Error("--port takes a whole number from 0 to 65535");
  }
  const config = new Map<string, string>();
  for (const pair of values.config) {
    const at = pair.indexOf("=");
    if (at < 1) throw new Error(`--config takes KEY=VALUE, not ${JSON.stringify(pair)}`);
    config.set(pair.slice(0, at), pair.slice(at + 1));
  }
  return {
    stack: values.stack,
    config,
    port,
    showSecrets: values["show-secrets"],
    exit: values.exit,
    json: values.json,
    trace: values.trace,
  };
}
