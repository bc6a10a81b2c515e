import { AwsEnvironmentError } from "./errors.ts";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Temporary credentials have one. */
  readonly sessionToken?: string;
}

/** Domains of the partitions outside `amazonaws.com`, by the start of their regions' names. */
const partitions: readonly (readonly [prefix: string, domain: string])[] = [
  ["cn-", "amazonaws.com.cn"],
  ["eusc-", "amazonaws.eu"],
  ["us-iso-", "c2s.ic.gov"],
  ["us-isob-", "sc2s.sgov.gov"],
  ["us-isof-", "csp.hci.ic.gov"],
  ["eu-isoe-", "cloud.adc-e.uk"],
];

/**
 * The credentials of the role, as Lambda puts them into the environment. Lambda may replace them: read them for each
 * request.
 * @throws AwsEnvironmentError if there are none
 */
export function readCredentials(): Credentials {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY)
    throw new AwsEnvironmentError(
      "the environment holds no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    );
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
  };
}

/** @throws AwsEnvironmentError if there is none */
export function readRegion(): string {
  const region = process.env["AWS_REGION"];
  if (!region) throw new AwsEnvironmentError("the environment names no region: set AWS_REGION");
  return region;
}

/**
 * The address of a service: from `AWS_ENDPOINT_URL_…` or `AWS_ENDPOINT_URL` (as in the AWS SDKs), otherwise the public
 * one of the region.
 * @param id the service's id in the name of that variable, such as `DYNAMODB`
 * @param host the first label of its public address, such as `dynamodb`
 */
export function readEndpoint(id: string, host: string, region: string): URL {
  const declared = process.env[`AWS_ENDPOINT_URL_${id}`] || process.env["AWS_ENDPOINT_URL"];
  if (declared) return new URL(declared);
  const [, domain] = partitions.find(([prefix]) => region.startsWith(prefix)) ?? ["", "amazonaws.com"];
  return new URL(`https://${host}.${region}.${domain}`);
}
