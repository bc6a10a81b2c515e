import { functionInputs, tokenHashes } from "./resourceInputs.ts";

/** The inputs that a domain as the only address adds or changes, by type and name. */
export const domainInputs = {
  "Api acme-api": {
    description: "SCIM 2.0 service of tenant acme",
    disableExecuteApiEndpoint: true,
    protocolType: "HTTP",
  },
  "ApiMapping acme-domain": {
    apiId: "acme-api-id",
    domainName: "acme-domain-id",
    stage: "$default",
  },
  "Certificate acme-domain": {
    domainName: "scim.example.com",
    validationMethod: "DNS",
  },
  "CertificateValidation acme-domain": {
    certificateArn: "arn:acme-domain",
    validationRecordFqdns: ["proof.example.com"],
  },
  "DomainName acme-domain": {
    domainName: "scim.example.com",
    domainNameConfiguration: {
      certificateArn: "arn:acme-domain",
      endpointType: "REGIONAL",
      securityPolicy: "TLS_1_2",
    },
  },
  "Function acme-function": functionInputs("https://scim.example.com/api/v1/scim", [tokenHashes[1]]),
  "Record acme-domain": {
    aliases: [
      {
        evaluateTargetHealth: false,
        name: "target.example.com",
        zoneId: "ZTARGET",
      },
    ],
    name: "scim.example.com",
    type: "A",
    zoneId: "Z0123456789",
  },
  "Record acme-domain-validation": {
    name: "_proof",
    records: ["value"],
    ttl: 300,
    type: "CNAME",
    zoneId: "Z0123456789",
  },
};
