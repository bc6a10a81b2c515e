import { readOptions } from "../support/command.ts";
import { parseOverrides } from "../support/overrides.ts";

export interface UpOptions {
  /** Undefined for the only tenant that runs. */
  readonly stack: string | undefined;
  /** Key (without the namespace) → text; JSON if it is JSON. */
  readonly config: ReadonlyMap<string, string>;
  /** Reads org and cloud first. */
  readonly refresh: boolean;
  /** Prints the values of secret outputs. */
  readonly showSecrets: boolean;
  readonly json: boolean;
}

export const usage = `usage: npm run up -- [options]
Deploys the tenant that "npm start" runs in this checkout again, from its current stack file.
  --stack NAME         tenant to deploy (default: the one that runs)
  --config KEY=VALUE   overrides a configuration key, also in later deployments; repeatable; VALUE is read as JSON
                       if it is JSON
  --refresh            reads org and cloud first, as "pulumi up --refresh" does
  --show-secrets       prints tokens instead of [secret]
  --json               the last line on stdout is one JSON object
  --help               prints this
Exit code: 0 deployed, 1 refused, or no tenant runs, 2 wrong options.`;

/**
 * @returns the options, or "help"
 * @throws Error whose message says which option is wrong and what is allowed
 */
export function parseUpOptions(args: readonly string[]): UpOptions | "help" {
  const { values } = readOptions({
    args: [...args],
    options: {
      stack: { type: "string" },
      config: { type: "string", multiple: true, default: [] },
      refresh: { type: "boolean", default: false },
      "show-secrets": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return "help";
  return {
    stack: values.stack,
    config: parseOverrides("--config", values.config),
    refresh: values.refresh,
    showSecrets: values["show-secrets"],
    json: values.json,
  };
}
