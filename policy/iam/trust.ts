import { isRecord } from "../model/resource.ts";
import { oneOf, type ResourceRule } from "../model/rule.ts";
import { allowing, readDocument, type Statement } from "./document.ts";
import { isAnybody, isWholeAccount, principalsOf } from "./principals.ts";

export const roleTrust: ResourceRule = {
  name: "role-trusts-named-principals",
  description:
    "A role names the principals that may assume it: no wildcard, no NotPrincipal, no whole account." +
    " A role that users of an OpenID Connect provider may assume names their subject." +
    " A role's trust policy is a JSON object with statements.",
  appliesTo: oneOf("aws:iam/role:Role"),
  reads: ["assumeRolePolicy"],
  check: ({ props: { assumeRolePolicy } }) => {
    if (assumeRolePolicy === undefined) return [];
    const document = readDocument(assumeRolePolicy);
    if (document.problem !== undefined)
      return [`assumeRolePolicy ${document.problem}; write {"Version", "Statement"} as an object or as JSON`];
    return allowing(document).flatMap(judge);
  },
};

function judge(statement: Statement): readonly string[] {
  const principals = principalsOf(statement);
  return [
    ...(statement.has("NotPrincipal")
      ? ["NotPrincipal trusts everybody that it does not name; name who assumes it"]
      : []),
    ...principals
      .filter(isAnybody)
      .map(({ value }) => `the principal ${value} lets anybody assume the role; name the service or the role`),
    ...principals
      .filter((principal) => principal.kind !== "Federated" && isWholeAccount(principal))
      .map(({ value }) => `the principal ${value} is a whole account; name the role in it`),
    ...principals
      .filter(({ kind, value }) => kind === "Federated" && isOpenIdConnect(value) && !namesSubject(statement))
      .map(({ value }) => `every user of ${value} may assume the role; add a condition on its "sub"`),
  ];
}

/** Every federated principal but a SAML provider. The address of an OpenID Connect provider may hold any words. */
const isOpenIdConnect = (value: string): boolean => !/^arn:aws[a-z-]*:iam::\d{12}:saml-provider\//.test(value);

/** A condition on the token's subject, whose text before the first wildcard names at least an owner (`repo:acme/`). */
function namesSubject(statement: Statement): boolean {
  return statement.valuesOf("Condition").some(
    (condition) =>
      isRecord(condition) &&
      Object.entries(condition).some(
        ([operator, keys]) =>
          /^(foranyvalue:)?string(equals(ignorecase)?|like)$/i.test(operator) &&
          isRecord(keys) &&
          Object.entries(keys).some(([key, values]) => {
            const subjects = (Array.isArray(values) ? values : [values]) as unknown[];
            return (
              /:sub$/i.test(key) &&
              subjects.length > 0 &&
              subjects.every((subject) => isNamedSubject(operator, subject))
            );
          }),
      ),
  );
}

function isNamedSubject(operator: string, subject: unknown): boolean {
  if (typeof subject !== "string" || subject === "") return false;
  if (!/like$/i.test(operator)) return true;
  const [fixed = ""] = subject.split(/[*?]/);
  return fixed === subject || /[^/:]\/$|[^/:]\/.+/.test(fixed);
}
