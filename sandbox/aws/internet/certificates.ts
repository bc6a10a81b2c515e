import { generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";
import { isIP } from "node:net";
import {
  bitString,
  element,
  integer,
  isTrue,
  objectId,
  octetString,
  sequence,
  time,
  utf8String,
  type Der,
} from "../support/der.ts";

/** A certificate and its private key, in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** An authority that only the functions of this machine trust. */
export interface Authority {
  /** Its own certificate, in PEM. */
  readonly cert: string;
  /** A certificate for a host name or an IPv4 address, made at the first request. */
  certificateOf(host: string): Certificate;
}

const ECDSA_SHA256 = sequence(objectId("1.2.840.10045.4.3.2"));
const YEAR_MS = 365 * 24 * 3_600_000;

export function createAuthority(): Authority {
  const own = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const name = "internet of the sandbox";
  const basic = extension("2.5.29.19", sequence(isTrue));
  const cert = issue(name, own.publicKey, basic, name, own.privateKey);
  // One key serves all hosts: they are one server.
  const hosts = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const key = hosts.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const made = new Map<string, Certificate>();
  return {
    cert,
    certificateOf(host) {
      const known = made.get(host);
      if (known !== undefined) return known;
      const alternative = extension("2.5.29.17", sequence(nameOf(host)));
      const fresh = { cert: issue(host, hosts.publicKey, alternative, name, own.privateKey), key };
      made.set(host, fresh);
      return fresh;
    },
  };
}

/** A GeneralName: iPAddress or dNSName (RFC 5280, section 4.2.1.6). */
const nameOf = (host: string): Der =>
  isIP(host) === 4 ? element(0x87, Buffer.from(host.split(".").map(Number))) : element(0x82, Buffer.from(host));

/** Critical, because whoever does not know it must not trust the certificate. */
const extension = (id: string, value: Der): Der => sequence(objectId(id), isTrue, octetString(value));

/** A certificate of version 3 (RFC 5280, section 4.1). */
function issue(subject: string, key: KeyObject, more: Der, issuer: string, signer: KeyObject): string {
  const commonName = (text: string): Der =>
    sequence(element(0x31, sequence(objectId("2.5.4.3"), utf8String(text.slice(0, 64)))));
  const signed = sequence(
    element(0xa0, integer(2n)),
    integer(BigInt(`0x${randomBytes(15).toString("hex")}`)),
    ECDSA_SHA256,
    commonName(issuer),
    sequence(time(new Date(Date.now() - 60_000)), time(new Date(Date.now() + YEAR_MS))),
    commonName(subject),
    key.export({ type: "spki", format: "der" }),
    element(0xa3, sequence(more)),
  );
  const signature = sign("sha256", signed, { key: signer, dsaEncoding: "der" });
  const text = sequence(signed, ECDSA_SHA256, bitString(signature)).toString("base64");
  return `-----BEGIN CERTIFICATE-----\n${text.match(/.{1,64}/g)?.join("\n") ?? ""}\n-----END CERTIFICATE-----\n`;
}
