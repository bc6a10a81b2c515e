import { createHash } from "node:crypto";
import { FUNCTION, one, resource, type Program, type Sentence } from "./programs.ts";

/** Random letters and digits, the same at each run. */
export const token = createHash("sha512")
  .update("a token of the tests")
  .digest("base64")
  .replace(/[^A-Za-z0-9]/g, "")
  .slice(0, 64);
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const base64Url = (text: string): string => Buffer.from(text).toString("base64url");
const hex = (text: string): string => Buffer.from(text).toString("hex");

const variables = (values: Readonly<Record<string, string>>): Program =>
  one(FUNCTION, { runtime: "nodejs24.x", environment: { variables: values } });
const hashes = (...entries: readonly object[]): Program => variables({ TOKEN_HASHES: JSON.stringify(entries) });
const pem = ["-----BEGIN", "PRIVATE KEY-----\nMIIEvANBg0123456\n-----END PRIVATE KEY-----"].join(" ");
const jwt = [base64Url('{"alg":"HS256","typ":"JWT"}'), base64Url('{"sub":"okta","scope":"all"}'), "c2lnbmF0dXJl"].join(
  ".",
);

const publicKey = {
  ...{ kty: "EC", crv: "P-256" },
  x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
  y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
};

export const tokenHashesOnly: readonly Sentence[] = [
  {
    sentence:
      "A variable of a function whose name speaks of a token, secret, password or key holds SHA-256 hashes, public keys or the ARN of a secret.",
    violating: {
      "a token": variables({ SCIM_TOKEN: token }),
      "a short password": variables({ ADMIN_PASSWORD: "letmein" }),
      "an API key": variables({ upstreamApiKey: "k-1" }),
      ...Object.fromEntries(
        ["SIGNING_KEY", "signingKey", "MASTER_KEY", "HMAC_KEYS", "KEY", "DB_PASS", "dbPwd", "UPSTREAM_CREDS"].map(
          (name) => [name, variables({ [name]: "letmein" })],
        ),
      ),
      "a private key among public keys": variables({
        SIGNING_KEYS: JSON.stringify([
          { kid: "a", jwk: publicKey },
          { kid: "b", jwk: { ...publicKey, d: "letmein" } },
        ]),
      }),
      "a symmetric key": variables({ SIGNING_KEYS: JSON.stringify([{ kid: "a", jwk: { kty: "oct", k: "letmein" } }]) }),
      "something beside a public key": variables({
        SIGNING_KEYS: JSON.stringify([{ kid: "a", jwk: publicKey, keyArn: "letmein" }]),
      }),
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
            ...{ kid: publicKey.x, jwk: publicKey, signs: true },
            keyArn: "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
          },
          { kid: publicKey.y, jwk: publicKey, signs: false },
        ]),
      }),
      "keys of data": variables({ PARTITION_KEY: "pk", sortKey: "sk", CACHE_KEYS: "users,groups" }),
      "the ARN of a secret": variables({
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
      "an entry without a hash": hashes({ generation: 1 }),
      "a hint": hashes({ generation: 1, sha256: sha256(token), hint: token.slice(0, 8) }),
    },
    allowed: { "a hash with a name": hashes({ name: "reporting", sha256: sha256("c") }) },
  },
  {
    sentence:
      "A variable of any name holds no credential: no authorization header, private key, signed token, password in a URL, or random text of 24 characters, neither plain nor in base64, hex or percent-encoding.",
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

const PASSWORD = "random:index/randomPassword:RandomPassword";
const maker = resource(PASSWORD, { length: 64 }, { name: "token", outputs: { result: token } });
const beside = (type: string, outputs: Readonly<Record<string, unknown>>): Program => [
  maker,
  resource(type, {}, { outputs, name: "other" }),
];
/** An archive as the engine gives it to a policy pack (sdk/go/common/resource/sig). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const asset = {
  [SIGNATURE]: "0def7320c3a5731c473e5ecbe6d01bc7",
  assets: {
    "index.mjs": { [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17", text: `export const upstream = "${token}";` },
  },
};
const parameter = (value: string): Program => beside("aws:ssm/parameter:Parameter", { deep: [{ value }] });
const made = (type: string, outputs: Readonly<Record<string, unknown>>, value: string): Program => [
  resource(type, {}, { name: "maker", outputs }),
  resource("aws:ssm/parameter:Parameter", {}, { outputs: { value } }),
];

export const tokenNowhere: readonly Sentence[] = [
  {
    sentence:
      "A generated token, password or private key stands in the resource that makes it and in the secret outputs of the stack, and in no other resource: not whole, not a part of 12 characters, and not in base64, hex or percent-encoding.",
    violating: {
      "in a parameter": parameter(`Bearer ${token}`),
      "in an Okta app": beside("okta:app/saml:Saml", { appSettingsJson: JSON.stringify({ token }) }),
      "half of it": parameter(token.slice(0, 32)),
      "a part of 12": parameter(`-${token.slice(20, 32)}-`),
      "in base64": parameter(base64(token)),
      "in base64 after other letters": parameter(base64(`ab${token}`)),
      "half of its base64": parameter(base64(token).slice(0, 43)),
      "in base64 for URLs": parameter(base64Url(`??>${token}`)),
      "in base64 of base64": parameter(base64(base64(token))),
      "in hex": parameter(hex(token).toUpperCase()),
      "in hex with colons": parameter((hex(token).match(/../g) ?? []).join(":")),
      "in hex as in a program": parameter((hex(token).match(/../g) ?? []).map((byte) => `\\x${byte}`).join("")),
      "as a key": beside("aws:ssm/parameter:Parameter", { tags: { [token]: "x" } }),
      "in the code of a function": [
        maker,
        resource(FUNCTION, { runtime: "nodejs24.x" }, { name: "f", outputs: { runtime: "nodejs24.x", code: asset } }),
      ],
      "in lines of base64": parameter(base64(token).replace(/.{20}/g, "$&\n")),
      "a random string": made("random:index/randomString:RandomString", { length: 64, result: token }, token),
      "random bytes": made(
        "random:index/randomBytes:RandomBytes",
        { length: 32, base64: base64(token) },
        base64(token),
      ),
      "a random id": made("random:index/randomId:RandomId", { byteLength: 32, hex: sha256(token) }, sha256(token)),
      "a key pair": made("tls:index/privateKey:PrivateKey", { privateKeyPem: pem.replace("MIIE", token) }, token),
      "a password for a service": made(
        "aws:iam/serviceSpecificCredential:ServiceSpecificCredential",
        { servicePassword: token },
        token,
      ),
      "a password of a user": made("aws:iam/userLoginProfile:UserLoginProfile", { password: token }, token),
      "a key of an API": made("aws:apigateway/apiKey:ApiKey", { value: token }, token),
      "a client's secret": made("okta:app/oAuth:OAuth", { clientSecret: token }, token),
      "another maker": [
        maker,
        resource(PASSWORD, { keepers: { token } }, { name: "b", outputs: { result: "x".repeat(40) } }),
      ],
    },
    allowed: {
      "its hash": parameter(sha256(token)),
      "the stack's outputs": beside("pulumi:pulumi:Stack", { scimToken: token }),
      "the directory's outputs": beside("okta-scim-directory:index:ScimDirectory", { token }),
      "a suffix of a name": made(
        "random:index/randomString:RandomString",
        { length: 8, result: "k3m9x2qa" },
        "acme-k3m9x2qa",
      ),
    },
  },
];

const app = (id: string, group: string) =>
  resource("okta:app/groupAssignment:GroupAssignment", { appId: id, groupId: group }, { name: "assigned" });
const push = (id: string, group: string) =>
  resource("okta:index/pushGroup:PushGroup", { appId: id, sourceGroupId: group }, { name: `push-${group}` });

export const assignedOrPushed: readonly Sentence[] = [
  {
    sentence: "No group is both assigned to an app and pushed to it, which Okta advises against.",
    violating: {
      "one group": [app("0oa1", "00g1"), push("0oa1", "00g1")],
      "the second of two": [app("0oa1", "00g1"), push("0oa1", "00g2"), push("0oa1", "00g1")],
      "a list of assignments": [
        resource("okta:index/appGroupAssignments:AppGroupAssignments", {
          appId: "0oa1",
          groups: [{ id: "00g2" }, { id: "00g1" }],
        }),
        push("0oa1", "00g1"),
      ],
    },
    allowed: {
      "another group": [app("0oa1", "00g1"), push("0oa1", "00g2")],
      "another app": [app("0oa1", "00g1"), push("0oa2", "00g1")],
    },
  },
];
