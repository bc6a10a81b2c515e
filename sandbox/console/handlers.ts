import type { AdminConsole } from "../okta/admin/admin.ts";
import type { Tenant } from "../tenant/tenant.ts";
import type { Action } from "./action.ts";
import type { Deployments } from "./deployments.ts";

/** What an action may use. */
export interface Context {
  readonly admin: AdminConsole;
  readonly tenant: Tenant;
  readonly deployments: Deployments;
  readonly appId: string;
}

/** One function an action: it does the action and returns a sentence that says what happened. */
export type Handlers = {
  readonly [Name in Action["action"]]: (
    asked: Extract<Action, { action: Name }>,
    context: Context,
  ) => string | Promise<string>;
};

export type HandlersOf<Name extends Action["action"]> = Pick<Handlers, Name>;
