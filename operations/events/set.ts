import { createPublicKey, verify, type JsonWebKey } from "node:crypto";
import { z } from "zod";

/** An event that is not signed by the tenant, or is no event of it. The message names the event. */
export class SetError extends Error {
  override readonly name = "SetError";
}

const headerSchema = z.object({ alg: z.literal("ES256"), typ: z.literal("secevent+jwt"), kid: z.string() });
const claimsSchema = z.looseObject({
  iss: z.string(),
  iat: z.number(),
  jti: z.string(),
  txn: z.string().optional(),
  sub_id: z.looseObject({ uri: z.string() }),
  events: z.record(z.string(), z.looseObject({})),
});
/** The claims of a Security Event Token about a resource (RFC 8417, RFC 9967). */
export type SetClaims = z.infer<typeof claimsSchema>;

const jwksSchema = z.object({
  keys: z.array(
    z.looseObject({ kid: z.string(), kty: z.literal("EC"), crv: z.literal("P-256"), x: z.string(), y: z.string() }),
  ),
});

/** The public keys of a tenant, by their `kid`. */
export interface Keys {
  /** Reads the keys again if this one is not among them. */
  find(kid: string): Promise<JsonWebKey | undefined>;
}

/** @param url address of the JWKS */
export function keysAt(url: string): Keys {
  let known: ReadonlyMap<string, JsonWebKey> = new Map();
  const read = async (): Promise<ReadonlyMap<string, JsonWebKey>> => {
    const response = await fetch(url, { redirect: "manual" });
    if (!response.ok) throw new SetError(`the keys at ${url} cannot be read: ${response.status}`);
    const { keys } = jwksSchema.parse(await response.json());
    return new Map(keys.map(({ kid, kty, crv, x, y }) => [kid, { kty, crv, x, y }]));
  };
  return {
    async find(kid) {
      if (!known.has(kid)) known = await read();
      return known.get(kid);
    },
  };
}

/**
 * Checks the signature, the issuer and the form of a compact JWS. @returns its claims
 * @throws SetError
 */
export async function openSet(jti: string, jws: string, keys: Keys, issuer: string): Promise<SetClaims> {
  const [head = "", payload = "", signature = "", ...rest] = jws.split(".");
  const header = headerSchema.safeParse(decoded(head));
  if (!header.success || rest.length > 0)
    throw new SetError(`the event ${jti} is no Security Event Token signed with ES256`);
  const key = await keys.find(header.data.kid);
  if (key === undefined)
    throw new SetError(`the event ${jti} is signed with the key ${header.data.kid}, which the tenant does not publish`);
  const publicKey = createPublicKey({ key, format: "jwk" });
  const data = Buffer.from(`${head}.${payload}`);
  const isSigned = verify(
    "sha256",
    data,
    { key: publicKey, dsaEncoding: "ieee-p1363" },
    Buffer.from(signature, "base64url"),
  );
  if (!isSigned) throw new SetError(`the signature of the event ${jti} is wrong`);
  const claims = claimsSchema.safeParse(decoded(payload));
  if (!claims.success) throw new SetError(`the event ${jti} lacks a claim: ${z.prettifyError(claims.error)}`);
  if (claims.data.iss !== issuer)
    throw new SetError(`the event ${jti} is of the issuer ${claims.data.iss}, not of ${issuer}`);
  if (claims.data.jti !== jti) throw new SetError(`the event ${jti} has another jti inside: ${claims.data.jti}`);
  return claims.data;
}

/** The claims of a compact JWS whose signature nobody checks here; undefined if it is no event about a resource. */
export const claimsOf = (jws: string): SetClaims | undefined =>
  claimsSchema.safeParse(decoded(jws.split(".")[1] ?? "")).data;

function decoded(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}
