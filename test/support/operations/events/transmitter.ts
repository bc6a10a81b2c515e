import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { createServer } from "node:http";
import { z } from "zod";
import { listen, readBody, shut } from "../../../../sandbox/support/http.ts";
import type { FeedAddress } from "../../../../operations/events/feedAddress.ts";

const request = z.object({ maxEvents: z.number(), returnImmediately: z.boolean(), ack: z.array(z.string()) });

/** A feed of RFC 8936 with keys of its own: it gives its oldest events until they are acknowledged. */
export interface Transmitter {
  readonly address: FeedAddress;
  readonly polls: z.infer<typeof request>[];
  readonly waiting: Map<string, string>;
  /** Statuses of the next answers. */
  readonly failures: number[];
  /** Adds an event to the feed. @returns its jti */
  add(claims: object, more?: { readonly kid?: string; readonly jti?: string }): string;
  close(): Promise<void>;
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

export async function startTransmitter(): Promise<Transmitter> {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const jwk = publicKey.export({ format: "jwk" });
  const kid = createHash("sha256").update(JSON.stringify(jwk)).digest("base64url");
  const waiting = new Map<string, string>();
  const polls: Transmitter["polls"] = [];
  const failures: number[] = [];
  const server = createServer((incoming, response) => {
    const answer = (status: number, body: object): void => void response.writeHead(status).end(JSON.stringify(body));
    void readBody(incoming, 1e6).then((bytes) => {
      if (incoming.url === "/keys") return answer(200, { keys: [{ ...jwk, kid, use: "sig", alg: "ES256" }] });
      if (incoming.headers.authorization !== "Bearer receiver-token")
        return answer(401, { err: "authentication_failed", description: "The token is wrong." });
      const failure = failures.shift();
      if (failure !== undefined) return answer(failure, {});
      const asked = request.parse(JSON.parse(bytes?.toString() ?? ""));
      polls.push(asked);
      for (const jti of asked.ack) waiting.delete(jti);
      const given = [...waiting].slice(0, asked.maxEvents);
      answer(200, { sets: Object.fromEntries(given), moreAvailable: waiting.size > given.length });
    });
  });
  const url = `http://127.0.0.1:${await listen(server, 0)}`;
  const address = {
    pollUrl: `${url}/audit`,
    token: "receiver-token",
    keysUrl: `${url}/keys`,
    issuer: "https://issuer",
  };
  let number = 0;
  return {
    ...{ address, polls, waiting, failures },
    add(claims, more = {}) {
      const jti = `jti-${number++}`;
      const payload = { iss: "https://issuer", iat: 1_790_000_000, jti: more.jti ?? jti, txn: "t", ...claims };
      const signed = `${part({ alg: "ES256", typ: "secevent+jwt", kid: more.kid ?? kid })}.${part(payload)}`;
      const signature = sign("sha256", Buffer.from(signed), { key: privateKey, dsaEncoding: "ieee-p1363" });
      waiting.set(jti, `${signed}.${signature.toString("base64url")}`);
      return jti;
    },
    close: () => shut(server),
  };
}
