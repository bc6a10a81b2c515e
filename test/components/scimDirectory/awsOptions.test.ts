import { describe, expect, it } from "vitest";
import { allFeatures } from "../../support/components/org.ts";
import { runProgram } from "../../support/components/registrations.ts";
import { declare, difference } from "../../support/components/scimDirectory/aws.ts";

describe("the AWS half", () => {
  it("gets with a domain as its only address a certificate, proof, mapping and record, and loses its default address", async () => {
    const plain = await declare({});
    const { declared } = await declare({
      endpoint: {
        kind: "managed",
        domain: { name: "scim.example.com", hostedZoneId: "Z0123456789", onlyAddress: true },
      },
    });
    expect(difference(plain.declared, declared)).toMatchInlineSnapshot(`
      {
        "Api acme-api": {
          "description": "SCIM 2.0 service of tenant acme",
          "disableExecuteApiEndpoint": true,
          "protocolType": "HTTP",
        },
        "ApiMapping acme-domain": {
          "apiId": "acme-api-id",
          "domainName": "acme-domain-id",
          "stage": "$default",
        },
        "Certificate acme-domain": {
          "domainName": "scim.example.com",
          "validationMethod": "DNS",
        },
        "CertificateValidation acme-domain": {
          "certificateArn": "arn:acme-domain",
          "validationRecordFqdns": [
            "proof.example.com",
          ],
        },
        "DomainName acme-domain": {
          "domainName": "scim.example.com",
          "domainNameConfiguration": {
            "certificateArn": "arn:acme-domain",
            "endpointType": "REGIONAL",
            "securityPolicy": "TLS_1_2",
          },
        },
        "Function acme-function": {
          "architectures": [
            "arm64",
          ],
          "code": "archive",
          "description": "SCIM 2.0 service of tenant acme",
          "environment": {
            "variables": {
              "ATTRIBUTES": ""iru"",
              "BASE_URL": "https://scim.example.com/api/v1/scim",
              "TABLE_NAME": "acme-directory",
              "TOKEN_HASHES": [
                {
                  "generation": 1,
                  "sha256": "732a7523748a8dc47f2ade121d4b04680f5398bd63e0e1b0d8ddfc476c194961",
                },
              ],
            },
          },
          "handler": "index.handler",
          "loggingConfig": {
            "logFormat": "JSON",
            "logGroup": "acme-function",
          },
          "memorySize": 512,
          "role": "arn:acme-function",
          "runtime": "nodejs24.x",
          "timeout": 29,
        },
        "Record acme-domain": {
          "aliases": [
            {
              "evaluateTargetHealth": false,
              "name": "target.example.com",
              "zoneId": "ZTARGET",
            },
          ],
          "name": "scim.example.com",
          "type": "A",
          "zoneId": "Z0123456789",
        },
        "Record acme-domain-validation": {
          "name": "_proof",
          "records": [
            "value",
          ],
          "ttl": 300,
          "type": "CNAME",
          "zoneId": "Z0123456789",
        },
      }
    `);
  });

  it("keeps its default address beside a domain until the domain is the only address", async () => {
    const domain = { name: "scim.example.com", hostedZoneId: "Z0123456789" };
    const { declared } = await declare({ endpoint: { kind: "managed", domain } });
    expect(declared["Api acme-api"]).toMatchObject({ disableExecuteApiEndpoint: false });
    expect(declared).toHaveProperty(["ApiMapping acme-domain"]);
  });

  it("leaves the new base URL to type and the default address to switch off, until the domain is the only address", async () => {
    const domain = { name: "scim.example.com", hostedZoneId: "Z0123456789" };
    const stepsOf = async (onlyAddress: boolean): Promise<unknown> => {
      const endpoint = { kind: "managed", domain: { ...domain, onlyAddress } };
      const { outputs } = await runProgram({ connection: "ready", endpoint }, allFeatures);
      return outputs["nextSteps"];
    };
    expect(await stepsOf(false)).toEqual(
      expect.arrayContaining([
        "SCIM connector base URL: https://scim.example.com/api/v1/scim",
        expect.stringContaining('"pulumi config set --stack test --path endpoint.domain.onlyAddress true"'),
      ]),
    );
    expect(await stepsOf(true)).toEqual([]);
  });

  it("accepts the old token's hash beside the new one's, and without acceptPreviousToken the new one's alone", async () => {
    const first = await declare({});
    const overlap = await declare({ tokenGeneration: 2 });
    expect(difference(first.declared, overlap.declared)).toMatchInlineSnapshot(`
      {
        "Function acme-function": {
          "architectures": [
            "arm64",
          ],
          "code": "archive",
          "description": "SCIM 2.0 service of tenant acme",
          "environment": {
            "variables": {
              "ATTRIBUTES": ""iru"",
              "BASE_URL": "https://api.example.com/api/v1/scim",
              "TABLE_NAME": "acme-directory",
              "TOKEN_HASHES": [
                {
                  "generation": 2,
                  "sha256": "930d0ae073e7b9522c04fa27839c16c135be97f9a926ee0acc90da8d6a474532",
                },
                {
                  "generation": 1,
                  "sha256": "732a7523748a8dc47f2ade121d4b04680f5398bd63e0e1b0d8ddfc476c194961",
                },
              ],
            },
          },
          "handler": "index.handler",
          "loggingConfig": {
            "logFormat": "JSON",
            "logGroup": "acme-function",
          },
          "memorySize": 512,
          "role": "arn:acme-function",
          "runtime": "nodejs24.x",
          "timeout": 29,
        },
        "RandomPassword acme-token-2": {
          "length": 64,
          "special": false,
        },
      }
    `);
    const after = await declare({ tokenGeneration: 2, acceptPreviousToken: false });
    expect(difference(overlap.declared, after.declared)).toMatchInlineSnapshot(`
      {
        "Function acme-function": {
          "architectures": [
            "arm64",
          ],
          "code": "archive",
          "description": "SCIM 2.0 service of tenant acme",
          "environment": {
            "variables": {
              "ATTRIBUTES": ""iru"",
              "BASE_URL": "https://api.example.com/api/v1/scim",
              "TABLE_NAME": "acme-directory",
              "TOKEN_HASHES": [
                {
                  "generation": 2,
                  "sha256": "930d0ae073e7b9522c04fa27839c16c135be97f9a926ee0acc90da8d6a474532",
                },
              ],
            },
          },
          "handler": "index.handler",
          "loggingConfig": {
            "logFormat": "JSON",
            "logGroup": "acme-function",
          },
          "memorySize": 512,
          "role": "arn:acme-function",
          "runtime": "nodejs24.x",
          "timeout": 29,
        },
      }
    `);
    expect(Object.keys(overlap.declared).filter((name) => !(name in after.declared))).toEqual([
      "RandomPassword acme-token-1",
    ]);
  });

  it("keeps and bounds executions where told to", async () => {
    const plain = await declare({});
    const { declared } = await declare({ reservedConcurrency: 20 });
    expect(Object.keys(difference(plain.declared, declared))).toEqual(["Function acme-function"]);
    expect(declared["Function acme-function"]).toMatchObject({ reservedConcurrentExecutions: 20 });
  });
});
