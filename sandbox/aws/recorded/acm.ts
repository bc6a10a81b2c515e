import { randomUUID } from "node:crypto";
import type { Place } from "../support/place.ts";
import type { ResourceHandler } from "../../engine/provider.ts";
import { recordOnly, text } from "../support/record.ts";

export function acmResources({ account, region }: Place): Record<string, ResourceHandler> {
  // Names under .invalid exist in no DNS (RFC 2606).
  const unprovable = new Set<string>();
  return {
    "aws:acm/certificate:Certificate": recordOnly({
      computed: ["arn", "domainValidationOptions", "status", "notAfter", "notBefore"],
      replaces: ["domainName", "subjectAlternativeNames", "validationMethod", "keyAlgorithm"],
      make: (inputs) => {
        const arn = `arn:aws:acm:${region}:${account}:certificate/${randomUUID()}`;
        const domainName = text(inputs, "domainName");
        if (domainName.endsWith(".invalid")) unprovable.add(arn);
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
      make: (inputs) => {
        const certificateArn = text(inputs, "certificateArn");
        // The provider waits 75 minutes for a proof that never comes.
        if (unprovable.has(certificateArn))
          throw new Error(
            `waiting for ACM Certificate (${certificateArn}) to be issued: timeout while waiting for state to become 'ISSUED' (last state: 'PENDING_VALIDATION')`,
          );
        return { id: randomUUID(), certificateArn };
      },
    }),
  };
}
