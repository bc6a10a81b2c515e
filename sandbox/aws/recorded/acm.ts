import { randomUUID } from "node:crypto";
import type { Place } from "../support/place.ts";
import type { ResourceHandler } from "../../engine/provider.ts";
import { recordOnly, text } from "../support/record.ts";

export function acmResources({ account, region }: Place): Record<string, ResourceHandler> {
  return {
    "aws:acm/certificate:Certificate": recordOnly({
      computed: ["arn", "domainValidationOptions", "status", "notAfter", "notBefore"],
      replaces: ["domainName", "subjectAlternativeNames", "validationMethod", "keyAlgorithm"],
      make: (inputs) => {
        const arn = `arn:aws:acm:${region}:${account}:certificate/${randomUUID()}`;
        const domainName = text(inputs, "domainName");
        const name = `_${randomUUID().replaceAll("-", "")}`;
        return {
          id: arn,
          arn,
          status: "PENDING_VALIDATION",
          domainValidationOptions: [
            {
              domainName,
              resourceRecordName: `${name}.${domainName}.`,
              resourceRecordType: "CNAME",
              resourceRecordValue: `${name}.acm-validations.aws.`,
            },
          ],
        };
      },
    }),
    "aws:acm/certificateValidation:CertificateValidation": recordOnly({
      replaces: ["certificateArn", "validationRecordFqdns"],
      make: (inputs) => ({ id: randomUUID(), certificateArn: text(inputs, "certificateArn") }),
    }),
  };
}
