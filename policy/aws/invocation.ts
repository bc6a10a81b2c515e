import { UNKNOWN, type Properties } from "../model/resource.ts";
import { oneOf, type ResourceRule } from "../model/rule.ts";
import { hasWildcard } from "../iam/document.ts";
import { isNamedArn } from "../iam/principals.ts";

const PERMISSION = "aws:lambda/permission:Permission";

export const invocationFromNamedSource: ResourceRule = {
  name: "invocation-from-named-source",
  description:
    "A permission on a function or a layer names its principal, never everybody." +
    " A permission for an AWS service names the ARN of one source: its account, and its name, after the type where there is one." +
    " A permission names an exact action." +
    " A permission opens no function URL to callers without authentication.",
  appliesTo: oneOf(PERMISSION, "aws:lambda/layerVersionPermission:LayerVersionPermission"),
  reads: ["principal", "sourceArn", "sourceAccount", "action", "functionUrlAuthType"],
  check: ({ type, props }) => [
    ...(isText(props["principal"]) && hasWildcard(props["principal"])
      ? [`the principal ${props["principal"]} is everybody; name a service, an account or a role`]
      : []),
    ...(isText(props["action"]) && hasWildcard(props["action"])
      ? [`the action ${props["action"]} has a wildcard; name one, such as lambda:InvokeFunction`]
      : []),
    ...(props["functionUrlAuthType"] === "NONE"
      ? ["functionUrlAuthType is NONE, so anybody can call the function by its URL; set AWS_IAM"]
      : []),
    ...(type === PERMISSION ? sourceProblems(props) : []),
  ],
};

const isText = (value: unknown): value is string => typeof value === "string";

/** A name with dots, of AWS (`events.amazonaws.com`) or of Amazon (`alexa-appkit.amazon.com`). */
const isService = (principal: string): boolean => /^[^:*?]+\.[^:*?]+$/.test(principal);

/** A service acts for any customer of AWS, so its permission must name the resource that it acts for. */
function sourceProblems({ principal, sourceArn, sourceAccount }: Properties): readonly string[] {
  if (!isText(principal) || !isService(principal) || sourceArn === UNKNOWN) return [];
  if (!isText(sourceArn) || sourceArn === "")
    return [`sourceArn is not set, so ${principal} may call for any AWS customer; set the ARN of the source`];
  if (!isNamedArn(sourceArn)) return [`sourceArn ${sourceArn} names no single source; name its account and resource`];
  const hasAccount = sourceArn.split(":")[4] !== "";
  if (hasAccount || sourceAccount === UNKNOWN || (isText(sourceAccount) && /^\d{12}$/.test(sourceAccount))) return [];
  // API Gateway's own ARNs of tests and buckets' ARNs have no account: a bucket of that name may be anybody's.
  return [`sourceArn ${sourceArn} has no account, so anybody may own it one day; set sourceAccount too`];
}
