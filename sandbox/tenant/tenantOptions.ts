import type { Cost } from "../aws/index.ts";
import type { Exchange, Quirks } from "../okta/index.ts";

/** Options of `startTenant`. */
export interface TenantOptions {
  readonly stack: string;
  /** Overrides of the stack's file: key without namespace → text. */
  readonly config: ReadonlyMap<string, string>;
  /** Port of the SCIM service; 0 means any free port. */
  readonly port: number;
  /** Runs a named stage. Default: only runs it. */
  readonly stage?: <T>(name: string, work: () => Promise<T>) => Promise<T>;
  /** Loads what this process needs later, while the first program declares its resources. Never rejects. */
  readonly meanwhile?: () => Promise<void>;
  /** Receives a few words on how far the running stage is. */
  readonly onProgress?: (text: string) => void;
  readonly onNotice?: (message: string) => void;
  /** Receives the lines that the function writes. */
  readonly onLog?: (line: string) => void;
  /** Awkward behaviour of the org from its start on. */
  readonly quirks?: Partial<Quirks>;
  /** Public hosts that lead functions to servers of this machine. */
  readonly routes?: ReadonlyMap<string, string>;
  /** People of the org at the start. Default: 25. */
  readonly seed?: number;
  /** Receives each SCIM exchange from the first one on, with its cost in DynamoDB if it is known. */
  readonly onExchange?: (exchange: Exchange, cost: Cost | undefined) => void;
}
