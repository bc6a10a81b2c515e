import { resource, type Program, type Sentence } from "./programs.ts";

const DIRECTORY = "okta-scim-directory:index:ScimDirectory";
const directory = (name: string, stage: string) => resource(DIRECTORY, {}, { name, outputs: { stage } });
const safe = { pointInTimeRecovery: { enabled: true }, deletionProtectionEnabled: true };
const TABLE = "aws:dynamodb/table:Table";
const table = (inputs: Readonly<Record<string, unknown>>, protect = true): Program => [
  resource(TABLE, inputs, { protect }),
];
const development = directory("dev", "development");

export const tablesRecoverable: readonly Sentence[] = [
  {
    sentence: "A table can be restored to any second of 35 days (pointInTimeRecovery).",
    violating: {
      "nothing said": table({ deletionProtectionEnabled: true }),
      "switched off": table({ ...safe, pointInTimeRecovery: { enabled: false } }),
      "for a day": table({ ...safe, pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: 1 } }),
      "not in another region": table({
        ...safe,
        replicas: [
          { regionName: "eu-west-1", pointInTimeRecovery: true, deletionProtectionEnabled: true },
          { regionName: "us-east-1", deletionProtectionEnabled: true },
        ],
      }),
      "a replica": [
        resource("aws:dynamodb/tableReplica:TableReplica", { deletionProtectionEnabled: true }, { protect: true }),
      ],
    },
    allowed: {
      "all three": table(safe),
      "for 35 days": table({ ...safe, pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: 35 } }),
      "also in another region": table({
        ...safe,
        replicas: [{ regionName: "eu-west-1", pointInTimeRecovery: true, deletionProtectionEnabled: true }],
      }),
    },
  },
  {
    sentence:
      "A table is deleted neither by AWS (deletionProtectionEnabled) nor by Pulumi (protect) before somebody switches that off.",
    violating: {
      "not for AWS": table({ ...safe, deletionProtectionEnabled: false }),
      "nothing said for AWS": table({ pointInTimeRecovery: { enabled: true } }),
      "not for AWS in another region": table({
        ...safe,
        replicas: [{ regionName: "eu-west-1", pointInTimeRecovery: true, deletionProtectionEnabled: false }],
      }),
      "not for Pulumi": table(safe, false),
    },
    allowed: { "all three": table(safe) },
  },
  {
    sentence: "A directory of stage development excuses the tables inside it, and no others.",
    violating: {
      "a table beside a directory of development": [development, resource(TABLE, {})],
      "a table of production beside one of development": [
        development,
        directory("acme", "production"),
        resource(TABLE, {}, { parent: development, name: "dev" }),
        resource(TABLE, {}, { parent: directory("acme", "production"), name: "acme" }),
      ],
      "a table in another component": [
        development,
        resource("acme:index:Other", {}, { name: "other", outputs: { stage: "development" } }),
        resource(TABLE, {}, { parent: resource("acme:index:Other", {}, { name: "other" }) }),
      ],
    },
    allowed: {
      "a table of development": [development, resource(TABLE, {}, { parent: development })],
      "a table deeper inside": [
        development,
        resource("acme:index:Inner", {}, { parent: development, name: "inner" }),
        resource(TABLE, {}, { parent: resource("acme:index:Inner", {}, { name: "inner" }) }),
      ],
    },
  },
];
