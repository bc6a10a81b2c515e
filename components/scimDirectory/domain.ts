import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface Domain {
  readonly name: string;
  readonly hostedZoneId: string;
}

/** A custom domain for the API: certificate proved by DNS, domain name, mapping to the stage, alias record. */
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
    if (first === undefined) throw new Error(`the certificate of ${domain.name} offers no DNS validation`);
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
