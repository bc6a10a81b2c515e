import { isRecord, UNKNOWN, type Resource } from "../model/resource.ts";
import type { ResourceRule } from "../model/rule.ts";
import { allowing, documentIn, hasWildcard, parse, type Statement } from "../iam/document.ts";
import { isAnybody, isNarrowed, principalsOf } from "../iam/principals.ts";

/**
 * The policies of IAM itself, of VPC endpoints and of APIs are left out: they protect no data directly, and a caller that
 * they admit still has to authenticate.
 */
const excepted = /^aws:(iam\/|ec2\/vpcEndpoint|apigateway\/|verifiedaccess\/)/;

const EVENT_PERMISSION = "aws:cloudwatch/eventPermission:EventPermission";

/** Properties that hold the JSON of a resource's policy. */
const policyProperties = [
  ...["policy", "policyDocument", "resourcePolicy", "accessPolicy", "accessPolicies", "keyPolicy"],
  "deliveryDestinationPolicy",
];

export const noPublicResourcePolicy: ResourceRule = {
  name: "no-public-resource-policy",
  description:
    "The policy of a table, queue, topic, key, bus, bucket, secret or log allows nothing to everybody," +
    " unless a condition names the account, a source with its account, the organization or the principal." +
    " An event bus takes events of a named account or organization." +
    " The policy of a resource is JSON.",
  appliesTo: (type) => type.startsWith("aws:") && !excepted.test(type),
  reads: [...policyProperties, "condition"],
  check: (resource) => [
    ...policyProperties.flatMap((property) => {
      const value = resource.props[property];
      const isBroken = typeof value === "string" && value.trim() !== "" && parse(value) === undefined;
      return isBroken ? [`${property} is not JSON; write {"Version", "Statement"} as an object or as JSON`] : [];
    }),
    ...documentsOf(resource).flatMap(([property, statements]) =>
      statements.flatMap(openings).map((message) => `${property}: ${message}`),
    ),
    ...busOpenings(resource),
  ],
};

/** Policies under any property and at any depth, because AWS names them differently on each resource. */
const documentsOf = ({ props }: Resource): readonly (readonly [string, readonly Statement[]])[] =>
  Object.entries(props).flatMap(([property, value]) => documentsIn(value, property));

function documentsIn(value: unknown, path: string): readonly (readonly [string, readonly Statement[]])[] {
  const document = documentIn(value);
  if (document !== undefined) return [[path, allowing(document)]];
  if (Array.isArray(value)) return value.flatMap((item, index) => documentsIn(item, `${path}[${index}]`));
  return isRecord(value) ? Object.entries(value).flatMap(([key, inner]) => documentsIn(inner, `${path}.${key}`)) : [];
}

function openings(statement: Statement): readonly string[] {
  if (isNarrowed(statement)) return [];
  return [
    ...(statement.has("NotPrincipal")
      ? ["NotPrincipal lets in everybody that it does not name; name the principal"]
      : []),
    ...principalsOf(statement)
      .filter(isAnybody)
      .map(
        ({ value }) =>
          `the principal ${value} lets everybody in; name the principal, or add a condition such as StringEquals on aws:SourceAccount`,
      ),
  ];
}

function busOpenings({ type, props: { principal, condition } }: Resource): readonly string[] {
  if (type !== EVENT_PERMISSION || typeof principal !== "string" || !hasWildcard(principal)) return [];
  if (condition === UNKNOWN) return [];
  const isNamed =
    isRecord(condition) &&
    condition["type"] === "StringEquals" &&
    condition["key"] === "aws:PrincipalOrgID" &&
    (condition["value"] === UNKNOWN || (typeof condition["value"] === "string" && condition["value"] !== ""));
  return isNamed
    ? []
    : ["the principal * lets every account send events; name an account, or an organization as condition"];
}
