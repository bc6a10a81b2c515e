import type { Place } from "../support/place.ts";
import type { Provider } from "../../engine/provider.ts";

export function awsFunctions({ account, region }: Place): Provider["functions"] {
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
