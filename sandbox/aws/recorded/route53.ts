import type { ResourceHandler } from "../../engine/provider.ts";
import { recordOnly, text } from "../support/record.ts";

export function route53Resources(): Record<string, ResourceHandler> {
  return {
    "aws:route53/record:Record": recordOnly({
      computed: ["fqdn"],
      replaces: ["zoneId", "name", "type", "setIdentifier"],
      make: (inputs) => {
        const name = text(inputs, "name").replace(/\.$/, "");
        const type = text(inputs, "type");
        if (inputs["records"] === undefined && inputs["aliases"] === undefined) {
          throw new Error(`the record ${name} needs records or aliases`);
        }
        return { id: `${text(inputs, "zoneId")}_${name}_${type}`, fqdn: name };
      },
    }),
  };
}
