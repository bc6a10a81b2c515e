import type { TokenHash } from "../contract.ts";
import type { Deadline, Directory } from "../model.ts";
import { once } from "../once.ts";
import { createCursors, type Cursors } from "../query/cursor.ts";
import { createDiscovery, type Discovery } from "../scim/representation/discovery.ts";
import { compileRegistry, type AttributesSetting, type Registry } from "../scim/schema/index.ts";

/** The service of one tenant; made once for a process. */
export interface Service {
  readonly registry: Registry;
  readonly discovery: Discovery;
  readonly baseUrl: string;
  readonly tokens: readonly TokenHash[];
  readonly cursors: Cursors;
}

/** Creates the service of a tenant. Everything that not every request needs is made when it is needed first. */
export function createService(options: {
  readonly attributes: AttributesSetting;
  /** Without a trailing slash. */
  readonly baseUrl: string;
  readonly tokens: readonly TokenHash[];
  /** Whether changes are told to others; false by default. */
  readonly events?: boolean;
}): Service {
  const registry = once(() => compileRegistry(options.attributes));
  const { baseUrl, tokens, events = false } = options;
  return {
    get registry() {
      return registry();
    },
    discovery: createDiscovery(registry, baseUrl, events),
    baseUrl,
    tokens,
    cursors: createCursors(tokens),
  };
}

/** The parts that serve one request. */
export interface Context {
  readonly service: Service;
  readonly directory: Directory;
  readonly deadline: Deadline;
}
