import type { Credentials } from "./environment.ts";

/** The scope of a signature: the service by its signing name, and the region. */
export interface Scope {
  readonly service: string;
  readonly region: string;
}

/**
 * The headers of a POST to `/`, signed with Signature Version 4 (AWS General Reference, "AWS Signature Version 4").
 * @param headers with `host`; their names in lower case
 * @param time milliseconds since 1970
 */
export async function sign(
  { service, region }: Scope,
  credentials: Credentials,
  { headers, body, path = "/" }: { headers: Readonly<Record<string, string>>; body: string; path?: string },
  time: number,
): Promise<Record<string, string>> {
  // Loaded with the first request to AWS: the discovery documents need none.
  const { default: aws4 } = await import("aws4");
  const date = new Date(time).toISOString().replace(/[:-]|\.\d{3}/g, "");
  const unsigned: Record<string, string> = { ...headers, "x-amz-date": date };
  return Object.assign(
    unsigned,
    aws4.sign({ service, region, method: "POST", path, body, headers: unsigned }, credentials).headers,
  );
}
