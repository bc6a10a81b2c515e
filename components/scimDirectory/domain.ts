import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { UserError } from "../config/errors.ts";
import type { Domain } from "../config/keys.ts";

/** A custom domain for the API: a certificate validated by DNS, the domain name, its mapping to the stage, an alias record. */
export function createDomain(
  name: string,
  args: { readonly domain: Domain; readonly api: aws.apigatewayv2.Api; readonly ready: readonly pulumi.Resource[] },
  options: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const { domain, api } = args;
  const certificate = new aws.acm.Certificate(
    `${name}-domain`,
    { domainName: domain.name, validationMethod: "DNS" },
    options,
  );
  const proof = certificate.domainValidationOptions.apply((all) => {
    const [first] = all;
    if (first === undefined)
      throw new UserError(`AWS offers no DNS validation for the certificate of ${domain.name}; run pulumi up again`);
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
  const validation = new aws.acm.CertificateValidation(
    `${name}-domain`,
    { certificateArn: certificate.arn, validationRecordFqdns: [proofRecord.fqdn] },
    options,
  );
  const domainName = new aws.apigatewayv2.DomainName(
    `${name}-domain`,
    {
      domainName: domain.name,
      domainNameConfiguration: {
        certificateArn: validation.certificateArn,
        endpointType: "REGIONAL",
        securityPolicy: "TLS_1_2",
      },
    },
    options,
  );
  const mapping = new aws.apigatewayv2.ApiMapping(
    `${name}-domain`,
    { apiId: api.id, domainName: domainName.id, stage: "$default" },
    { ...options, dependsOn: [...args.ready] },
  );
  const record = new aws.route53.Record(
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
  return [mapping, record];
}
