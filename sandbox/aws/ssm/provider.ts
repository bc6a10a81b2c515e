import { z } from "zod";
import type { Properties, ResourceHandler } from "../../engine/provider.ts";
import type { Place } from "../support/place.ts";
import { readInputs } from "../support/read.ts";
import { parameterArn } from "./arn.ts";
import type { Parameter, Parameters } from "./parameters.ts";

/** Bytes of a value in the tiers (SSM, "Managing parameter tiers"). */
const LIMITS = { Standard: 4096, Advanced: 8192, "Intelligent-Tiering": 8192 };

const inputsSchema = z
  .looseObject({
    name: z
      .string()
      .regex(
        /^\/?(?!aws|ssm)[\w./-]{1,1011}$/i,
        "a parameter's name has letters, digits and ./-_ and does not begin with aws or ssm",
      ),
    type: z.enum(["String", "StringList", "SecureString"]),
    value: z.string().min(1, "a parameter needs a value"),
    keyId: z.string().optional(),
    tier: z.enum(["Standard", "Advanced", "Intelligent-Tiering"]).default("Standard"),
  })
  .superRefine(({ value, tier }, context) => {
    const size = Buffer.byteLength(value);
    if (size > LIMITS[tier])
      context.addIssue({
        code: "custom",
        message: `the value has ${size} bytes; the tier ${tier} allows ${LIMITS[tier]}`,
      });
  });

/** @param open starts the endpoint that functions call */
export function ssmResources(
  place: Place,
  parameters: Parameters,
  open: () => Promise<string>,
): Record<string, ResourceHandler> {
  const put = (inputs: Properties): Parameter => {
    const { name, type, value, keyId } = readInputs(inputsSchema, inputs);
    const own = keyId === "alias/aws/ssm" ? undefined : keyId;
    return parameters.put({ name, arn: parameterArn(place, name), type, value, keyId: own });
  };
  const outputs = (inputs: Properties, { arn, version }: Parameter): Properties => ({ ...inputs, arn, version });
  return {
    "aws:ssm/parameter:Parameter": {
      autoName: "name",
      computed: ["arn", "version"],
      replaces: ["name", "dataType"],
      async create(inputs) {
        const { name } = readInputs(inputsSchema, inputs);
        if (parameters.get(name) !== undefined)
          throw new Error(`ParameterAlreadyExists: The parameter already exists: ${name}`);
        await open();
        return { id: name, outputs: outputs(inputs, put(inputs)) };
      },
      read: async (id, state) => (parameters.get(id) === undefined ? undefined : state),
      update: async (_id, _state, inputs) => outputs(inputs, put(inputs)),
      delete: async (id) => parameters.remove(id),
    },
  };
}
