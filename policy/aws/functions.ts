import { UNKNOWN } from "../model/resource.ts";
import { oneOf, type ResourceRule } from "../model/rule.ts";

/** Node.js runtimes that AWS supports (Lambda runtimes page, November 2026). */
const RUNTIMES = ["nodejs22.x", "nodejs24.x"];

export const runtimeSupported: ResourceRule = {
  name: "runtime-supported",
  description:
    "A function runs on nodejs22.x or nodejs24.x, the Node.js runtimes that AWS supports." +
    " A container image is refused, because AWS does not update the runtime in it.",
  appliesTo: oneOf("aws:lambda/function:Function"),
  reads: ["runtime", "packageType", "imageUri"],
  check: ({ props: { runtime, packageType, imageUri } }) => {
    if (packageType === "Image" || imageUri !== undefined)
      return [`the function is a container image; pass code as an archive, with the runtime ${RUNTIMES.join(" or ")}`];
    if (runtime === UNKNOWN || RUNTIMES.some((supported) => supported === runtime)) return [];
    const found =
      runtime === undefined ? "the runtime is not set" : `the runtime ${JSON.stringify(runtime)} is not supported`;
    return [`${found}; use ${RUNTIMES.join(" or ")}`];
  },
};

export const functionUrlAuthenticated: ResourceRule = {
  name: "function-url-authenticated",
  description: "The URL of a function asks for authentication by IAM.",
  appliesTo: oneOf("aws:lambda/functionUrl:FunctionUrl"),
  reads: ["authorizationType"],
  check: ({ props: { authorizationType } }) =>
    authorizationType === UNKNOWN || authorizationType === "AWS_IAM"
      ? []
      : ["authorizationType is not AWS_IAM, so anybody can call the function; set AWS_IAM, or use the API"],
};
