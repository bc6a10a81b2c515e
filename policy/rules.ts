import { functionUrlAuthenticated, runtimeSupported } from "./aws/functions.ts";
import { apiThrottled } from "./aws/httpApi.ts";
import { invocationFromNamedSource } from "./aws/invocation.ts";
import { keyRotates } from "./aws/keys.ts";
import { logRetentionSet } from "./aws/logs.ts";
import { pushedOverHttps } from "./aws/pushTargets.ts";
import { queueEncrypted, queueWithDeadLetters } from "./aws/queues.ts";
import { noPublicResourcePolicy } from "./aws/resourcePolicies.ts";
import { restApiThrottled } from "./aws/restApi.ts";
import { tablesRecoverable } from "./aws/tables.ts";
import { noEscalationInIam, noWildcardInIam } from "./iam/policies.ts";
import { roleTrust } from "./iam/trust.ts";
import type { ResourceRule, StackRule } from "./model/rule.ts";
import { assignedOrPushed } from "./okta/groups.ts";
import { tokenHashesOnly } from "./secrets/environment.ts";
import { tokenNowhere } from "./secrets/generated.ts";

export const resourceRules: readonly ResourceRule[] = [
  tokenHashesOnly,
  runtimeSupported,
  functionUrlAuthenticated,
  invocationFromNamedSource,
  noWildcardInIam,
  noEscalationInIam,
  roleTrust,
  noPublicResourcePolicy,
  logRetentionSet,
  apiThrottled,
  queueEncrypted,
  keyRotates,
  pushedOverHttps,
];

export const stackRules: readonly StackRule[] = [
  tokenNowhere,
  tablesRecoverable,
  restApiThrottled,
  assignedOrPushed,
  queueWithDeadLetters,
];
