import { createHash } from "node:crypto";
import { FUNCTION, one, type Program, type Sentence } from "./programs.ts";

/** Random letters and digits, the same at each run. */
export const token = createHash("sha512")
  .update("a token of the tests")
  .digest("base64")
  .replace(/[^A-Za-z0-9]/g, "")
  .slice(0, 64);
export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
export const base64 = (text: string): string => Buffer.from(text).toString("base64");
export const base64Url = (text: string): string => Buffer.from(text).toString("base64url");
export const hex = (text: string): string => Buffer.from(text).toString("hex");

const variables = (values: Readonly<Record<string, string>>): Program =>
  one(FUNCTION, { runtime: "nodejs24.x", environment: { variables: values } });
const hashes = (...entries: readonly object[]): Program => variables({ TOKEN_HASHES: JSON.stringify(entries) });
export const pem = ["-----BEGIN", "PRIVATE KEY-----\nMIIEvANBg0123456\n-----END PRIVATE KEY-----"].join(" ");
const jwt = [base64Url('{"alg":"HS256","typ":"JWT"}'), base64Url('{"sub":"okta","scope":"all"}'), "c2lnbmF0dXJl"].join(
  ".",
);

const publicKey = {
  ...{ kty: "EC", crv: "P-256" },
  x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
  y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
};

const thumbprint = createHash("sha256")
  .update(JSON.stringify({ crv: publicKey.crv, kty: publicKey.kty, x: publicKey.x, y: publicKey.y }))
  .digest("base64url");

/** Lists that look like public keys and hold something else. */
const notPublicKeys: Readonly<Record<string, string>> = {
  "a header as a coordinate": '[{"jwk":{"kty":"EC","x":"Bearer abcdefghijkl0123456789"}}]',
  "an access key as id": JSON.stringify([{ jwk: { ...publicKey, kid: ["AKIA", "0123456789ABCDEF"].join("") } }]),
  "a key of a service as id": JSON.stringify([
    { jwk: publicKey, kid: ["ghp", "abcdefghijklmnop1234567890ABCDEF"].join("_") },
  ]),
  "a key type alone": '[{"jwk":{"kty":"EC"}}]',
  "a private key as an operation": JSON.stringify([{ jwk: { ...publicKey, key_ops: [pem] } }]),
  "an object as modulus": '[{"jwk":{"kty":"RSA","e":"AQAB","n":[{"d":"letmein-please"}]}}]',
  "a key that stands twice": `[{"jwk":{"kty":"EC","d":"letmein"},"jwk":${JSON.stringify(publicKey)}}]`,
  "an escaped key that stands twice": `[{"\\u006awk":"letmein","jwk":${JSON.stringify(publicKey)}}]`,
  "a thumbprint of another key": JSON.stringify([{ jwk: publicKey, kid: publicKey.x }]),
  "a point beside the curve": JSON.stringify([{ jwk: { ...publicKey, y: publicKey.x } }]),
  "a coordinate too long": JSON.stringify([{ jwk: { ...publicKey, x: `${publicKey.x}AAAA` } }]),
  "a member that every object has": `[{"jwk":${JSON.stringify(publicKey)},"constructor":"letmein"}]`,
};

const moreNames = ["KEY_1", "HMAC_KEY_V2", "KEY_PROD", "signingKeyPem", "DB_PASS2", "PASS_DB", "SIGNING_KEY_B64"];

export const tokenHashesOnly: readonly Sentence[] = [
  {
    sentence:
      "A variable of a function whose name speaks of a token, secret, password or key holds SHA-256 hashes, public keys or the ARN of a secret.",
    violating: {
      "a token": variables({ SCIM_TOKEN: token }),
      "a short password": variables({ ADMIN_PASSWORD: "letmein" }),
      "an API key": variables({ upstreamApiKey: "k-1" }),
      ...Object.fromEntries(
        [
          "SIGNING_KEY",
          "signingKey",
          "MASTER_KEY",
          "HMAC_KEYS",
          "KEY",
          "DB_PASS",
          "dbPwd",
          "UPSTREAM_CREDS",
          ...moreNames,
        ].map((name) => [name, variables({ [name]: "letmein" })]),
      ),
      "a private key among public keys": variables({
        SIGNING_KEYS: JSON.stringify([
          { kid: "a", jwk: publicKey },
          { kid: "b", jwk: { ...publicKey, d: "letmein" } },
        ]),
      }),
      "the ARN of something else": variables({ API_TOKEN: "arn:aws:s3:::hunter2hunter2" }),
      "a number": one(FUNCTION, { runtime: "nodejs24.x", environment: { variables: { ADMIN_PASSWORD: 12_345_678 } } }),
      "a symmetric key": variables({ SIGNING_KEYS: JSON.stringify([{ kid: "a", jwk: { kty: "oct", k: "letmein" } }]) }),
      "something beside a public key": variables({
        SIGNING_KEYS: JSON.stringify([{ kid: "a", jwk: publicKey, keyArn: "letmein" }]),
      }),
      ...Object.fromEntries(
        Object.entries(notPublicKeys).map(([name, value]) => [name, variables({ SIGNING_KEYS: value })]),
      ),
      "a secret among hashes": variables({ SECRETS: `${sha256("a")},letmein` }),
    },
    allowed: {
      "hashes with their generations": hashes(
        { generation: 1, sha256: sha256("a") },
        { generation: 2, sha256: sha256("b") },
      ),
      "public keys, and the ARN of the key in KMS": variables({
        SIGNING_KEYS: JSON.stringify([
          {
            ...{ kid: thumbprint, jwk: publicKey, signs: true },
            keyArn: "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
          },
          { kid: "next", jwk: { ...publicKey, kid: thumbprint, use: "sig", alg: "ES256" }, signs: false },
        ]),
      }),
      "what is about a key": variables({ SIGNING_KEY_ID: "k-1", KEY_ALIAS: "alias/acme", PASS_THROUGH: "yes" }),
      "keys of data": variables({ PARTITION_KEY: "pk", sortKey: "sk", CACHE_KEYS: "users,groups" }),
      "the ARN of a secret": variables({
        KEY_PARAMETER: "arn:aws:ssm:eu-central-1:111122223333:parameter/acme/key",
        SECRET_ARN: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:acme/scim-AbCdEf",
      }),
    },
  },
  {
    sentence: "A list of hashes carries each hash with its generation or its name, and nothing else.",
    violating: {
      "the token beside its hash": hashes({ generation: 1, sha256: sha256(token), token }),
      "a token as name": hashes({ name: token, sha256: sha256(token) }),
      "a token in place of a hash": hashes({ generation: 1, sha256: token }),
      "a name that stands twice": variables({
        TOKEN_HASHES: `[{"sha256":"${sha256("a")}","name":"letmein","name":"a"}]`,
      }),
      "an entry without a hash": hashes({ generation: 1 }),
      "a hint": hashes({ generation: 1, sha256: sha256(token), hint: token.slice(0, 8) }),
    },
    allowed: { "a hash with a name": hashes({ name: "reporting", sha256: sha256("c") }) },
  },
  {
    sentence:
      "A variable of any name holds no credential: no authorization header, private key, signed token, password in a URL, or 24 characters that mix capitals, small letters and digits at random, neither plain nor in base64, hex or percent-encoding.",
    violating: {
      "an authorization header": variables({ UPSTREAM_AUTH: "Bearer abcdefgh" }),
      "Okta's header": variables({ OKTA: "SSWS 00abcdefgh" }),
      "a header of one's own": variables({ UPSTREAM: "X-Api-Key: letmein-please" }),
      "a header in JSON": variables({ UPSTREAM: JSON.stringify({ Authorization: "letmein-please" }) }),
      "a private key": variables({ SIGNER: pem }),
      "a signed token": variables({ SESSION: jwt }),
      "a password in a URL": variables({ DATABASE: "postgres://app:letmein@db.example.com/scim" }),
      "a random text": variables({ UPSTREAM: token }),
      "a random text in two halves": variables({ LEFT: token.slice(0, 32), RIGHT: token.slice(32) }),
      "a random text in a query": variables({ HOOK: `https://hooks.example.com/?k=${token.slice(0, 24)}` }),
      "a random text of lower case": variables({ UPSTREAM: ["kqzjvwxb", "trmplnsh", "dgfycekq"].join("") }),
      "random digits": variables({ UPSTREAM: "839201748392017483920174" }),
      "a random text with signs": variables({ UPSTREAM: "p@9X!kd02#Lm$3vQ%7tZ&1nB" }),
      "a random text with dots": variables({ UPSTREAM: (token.slice(0, 36).match(/.{6}/g) ?? []).join(".") }),
      "a random text in an ARN": variables({
        UPSTREAM: `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${token}`,
      }),
      "hex with colons": variables({ CONFIG: (hex("Bearer letmein-please").match(/../g) ?? []).join(":") }),
      "hex as in a program": variables({
        CONFIG: (hex("Bearer letmein-please").match(/../g) ?? []).map((byte) => `0x${byte}`).join(", "),
      }),
      base64: variables({ CONFIG: base64(`{"upstream":"${token}"}`) }),
      "base64 for URLs": variables({ CONFIG: base64Url(`Bearer letmein-please?`) }),
      "base64 of base64": variables({ CONFIG: base64(base64("Basic YXBwOmxldG1laW4=")) }),
      hex: variables({ CONFIG: hex("Bearer letmein-please") }),
      "percent-encoding": variables({ CONFIG: "Bearer%20letmein-please" }),
      JSON: variables({ CONFIG: JSON.stringify({ upstream: { header: `Bearer ${token}` } }) }),
    },
    allowed: {
      "what a function is told": variables({
        TABLE_NAME: "acme-prod-directory-4f9c1a2",
        TABLE_ARN: "arn:aws:dynamodb:eu-central-1:111122223333:table/acme-prod-directory-4f9c1a2",
        BASE_URL: "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/scim/v2",
        ATTRIBUTES: JSON.stringify([
          "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
          "x509Certificates",
        ]),
        KEY_ID: "1234abcd-12ab-34cd-56ef-1234567890ab",
        GREETING: "The directory of Acme, for the token of the day",
      }),
    },
  },
];
