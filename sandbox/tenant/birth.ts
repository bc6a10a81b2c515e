import type { StackConfig } from "../engine/index.ts";
import { NAMESPACE, withOverrides } from "./stackConfig.ts";
import type { TenantOptions } from "./tenantOptions.ts";

/** The deployments that bring up a tenant. */
export interface Birth {
  readonly first: StackConfig;
  /** The stage of the first one. */
  readonly title: string;
  /** After the console step; undefined if the tenant stays at the first one. */
  readonly second: StackConfig | undefined;
}

type Options = Pick<TenantOptions, "config">;

/** Both deployments with the console step between them; only the first one for `pending`, or without an Okta half. */
export function birthOf(options: Options, file: StackConfig): Birth {
  const connection = wantedConnection(options, file);
  const config = (value: string): StackConfig => withOverrides(file, options.config, [["connection", value]]);
  if (isByHand(options, file))
    return { first: config(connection), title: "Deployment of the AWS half", second: undefined };
  return {
    first: config(connection === "ready" ? "pending" : connection),
    title: "First deployment (connection: pending)",
    second: connection === "pending" ? undefined : config("ready"),
  };
}

export const CONNECTION = `${NAMESPACE}:connection`;

/**
 * The connection at the end of the start. A stack file with `pending` continues to `ready`; only an override keeps the
 * tenant at `pending`. The program itself rejects any other value.
 */
export function wantedConnection(options: Options, file: StackConfig): string {
  const declared = file.values[CONNECTION] ?? "pending";
  const played = declared === "pending" && !isByHand(options, file) ? "ready" : declared;
  return options.config.get("connection") ?? played;
}

/** Nobody plays the administrator of an org that the stack cannot reach. */
const isByHand = ({ config }: Options, { values }: StackConfig): boolean =>
  (config.get("oktaHalf") ?? values[`${NAMESPACE}:oktaHalf`]) === "byHand";
