import type { AwsRuntime } from "../runtime.ts";
import type { Provider } from "../../engine/provider.ts";

export function awsFunctions({ account, region }: AwsRuntime): Provider["functions"] {
  return {
    "aws:index/getRegion:getRegion": async () => ({
      id: region,
      region,
      name: region,
      description: region,
      endpoint: `ec2.${region}.amazonaws.com`,
    }),
    "aws:index/getCallerIdentity:getCallerIdentity": async () => ({
      id: account,
      accountId: account,
      arn: `arn:aws:iam::${account}:user/sandbox`,
      userId: "AIDASANDBOX",
    }),
  };
}
