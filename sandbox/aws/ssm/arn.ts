import type { Place } from "../support/place.ts";

/** @param name a name with or without a leading slash, or an ARN already */
export const parameterArn = ({ account, region }: Place, name: string): string =>
  name.startsWith("arn:") ? name : `arn:aws:ssm:${region}:${account}:parameter/${name.replace(/^\//, "")}`;
