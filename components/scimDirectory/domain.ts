import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { UserError } from "../config/errors.ts";
import type { Domain } from "../config/keys.ts";

/** A certificate for the domain that DNS has proved. Its ARN is known only then. */
export function proveDomain(
  name: string,
  domain: Domain,
  options: pulumi.CustomResourceOptions,
): aws.acm.CertificateValidation {
  const certificate = new aws.acm.Certificate(
    `${name}-domain`,
    { domainName: domain.name, validationMethod: "DNS" },
    options,
  );
  const proof = certificate.domainValidationOptions.apply((all) => {
    const [first] = all;
    if (first === undefined)
      throw new UserError(
        `AWS offers no DNS validation for the certificate of ${domain.name}; run "pulumi up --stack ${pulumi.getStack()}" again`,
      );
    return first;
  });
  const proofRecord = new aws.route53.Record(
    `${name}-domain-validation`,
    {
      zoneId: domain.hostedZoneId,
      name: proof.resourceRecordName,
      type: proof.resourceRecordType.apply((type) => type as aws.route53.RecordType),
      records: [proof.resourceRecordValue],
      ttl: 300,
    },
    options,
  );
  return new aws.acm.CertificateValidation(
    `${name}-domain`,
    { certificateArn: certificate.arn, validationRecordFqdns: [proofRecord.fqdn] },
    options,
  );
}

/** The domain name, its mapping to the stage of the API, and an alias record. */
export function serveDomain(
  name: string,
  args: {
    readonly domain: Domain;
    readonly proved: aws.acm.CertificateValidation;
    readonly api: aws.apigatewayv2.Api;
    /** Resources without which the API answers no request. */
    readonly ready: readonly pulumi.Resource[];
    /** Protects the name: Okta sends to it until an administrator types another address. */
    readonly protect: boolean;
  },
  options: pulumi.CustomResourceOptions,
): void {
  const { domain, proved, api } = args;
  const domainName = new aws.apigatewayv2.DomainName(
    `${name}-domain`,
    {
      domainName: domain.name,
      domainNameConfiguration: {
        certificateArn: proved.certificateArn,
        endpointType: "REGIONAL",
        securityPolicy: "TLS_1_2",
      },
    },
    { ...options, protect: args.protect },
  );
  new aws.apigatewayv2.ApiMapping(
    `${name}-domain`,
    { apiId: api.id, domainName: domainName.id, stage: "$default" },
    { ...options, dependsOn: [...args.ready] },
  );
  new aws.route53.Record(
    `${name}-domain`,
    {
      zoneId: domain.hostedZoneId,
      name: domain.name,
      type: "A",
      aliases: [
        {
          name: domainName.domainNameConfiguration.targetDomainName,
          zoneId: domainName.domainNameConfiguration.hostedZoneId,
          evaluateTargetHealth: false,
        },
      ],
    },
    options,
  );
}
