import { z } from "zod";
import { makeId, type Gateway } from "./gateway.ts";
import type { Place } from "../support/place.ts";
import type { ResourceHandler } from "../../engine/provider.ts";
import { readInputs } from "../support/read.ts";
import { recordOnly, text } from "../support/record.ts";

const domainInputs = z.looseObject({
  domainName: z.string(),
  domainNameConfiguration: z.looseObject({ certificateArn: z.string() }),
});
const mappingInputs = z.looseObject({ apiId: z.string(), domainName: z.string(), stage: z.string() });

/** Custom domains of HTTP APIs. The gateway serves a mapped API to requests with the domain as Host. */
export function domainResources({ account, region }: Place, gateway: Gateway): Record<string, ResourceHandler> {
  const mapping = recordOnly({
    replaces: ["domainName"],
    make: (inputs) => {
      const { apiId, domainName } = readInputs(mappingInputs, inputs);
      if (!gateway.apis.has(apiId)) throw new Error(`NotFoundException: Invalid API identifier specified ${apiId}`);
      gateway.domains.set(domainName.toLowerCase(), apiId);
      return { id: makeId().slice(0, 6) };
    },
  });
  return {
    "aws:apigatewayv2/domainName:DomainName": {
      ...recordOnly({
        computed: ["arn", "apiMappingSelectionExpression"],
        replaces: ["domainName"],
        make: (inputs) => {
          const { domainName, domainNameConfiguration } = readInputs(domainInputs, inputs);
          return {
            id: domainName,
            arn: `arn:aws:apigateway:${region}::/domainnames/${domainName}`,
            apiMappingSelectionExpression: "$request.basepath",
            domainNameConfiguration: {
              ...domainNameConfiguration,
              targetDomainName: `d-${makeId()}.execute-api.${region}.amazonaws.com`,
              hostedZoneId: `Z${account}`,
            },
          };
        },
      }),
      // The values that AWS adds to the configuration stay as long as the domain exists.
      update: async (_id, state, inputs) => {
        const { domainNameConfiguration: before } = readInputs(domainInputs, state);
        const { domainNameConfiguration: after } = readInputs(domainInputs, inputs);
        const { arn, apiMappingSelectionExpression } = state;
        return { ...inputs, arn, apiMappingSelectionExpression, domainNameConfiguration: { ...before, ...after } };
      },
    },
    "aws:apigatewayv2/apiMapping:ApiMapping": {
      ...mapping,
      read: async (_id, state) => {
        const { apiId, domainName } = readInputs(mappingInputs, state);
        return gateway.apis.has(apiId) && gateway.domains.get(domainName.toLowerCase()) === apiId ? state : undefined;
      },
      update: async (_id, _state, inputs) => {
        const { apiId, domainName } = readInputs(mappingInputs, inputs);
        gateway.domains.set(domainName.toLowerCase(), apiId);
        return { ...inputs };
      },
      delete: async (_id, state) => {
        const name = text(state, "domainName").toLowerCase();
        if (gateway.domains.get(name) === state["apiId"]) gateway.domains.delete(name);
      },
    },
  };
}
