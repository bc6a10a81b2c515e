import { FUNCTION, resource, type Program, type Sentence } from "./programs.ts";
import { base64, base64Url, hex, pem, sha256, token } from "./secretPrograms.ts";

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

const keyMakers: readonly (readonly [type: string, key: string])[] = [
  ["random:index/randomUuid:RandomUuid", "result"],
  ["aws:appsync/apiKey:ApiKey", "key"],
  ["aws:grafana/workspaceApiKey:WorkspaceApiKey", "key"],
  ["aws:grafana/workspaceServiceAccountToken:WorkspaceServiceAccountToken", "key"],
  ["aws:ssm/activation:Activation", "activationCode"],
  ["aws:lightsail/bucketAccessKey:BucketAccessKey", "secretAccessKey"],
];

export const tokenNowhere: readonly Sentence[] = [
  {
    sentence:
      "A generated token, password or private key, or a random text of 16 characters or 12 bytes, stands in the resource that makes it, in the outputs that hand tokens over (scimToken, scimAuthorization, readerTokens, eventReceivers, and the directory's token), and nowhere else: not whole, not a part of 12 characters, and not in base64, hex or percent-encoding.",
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
      "another output of the stack": beside("pulumi:pulumi:Stack", { debug: token }),
      "another property of the directory": beside("okta-scim-directory:index:ScimDirectory", { baseUrl: token }),
      ...Object.fromEntries(
        keyMakers.map(([type, key]) => [`the ${key} of ${type}`, made(type, { [key]: token }, token)]),
      ),
      "a random string of 16": made(
        "random:index/randomString:RandomString",
        { length: 16, result: token.slice(0, 16) },
        token.slice(0, 16),
      ),
      "a random id of 12 bytes": made(
        "random:index/randomId:RandomId",
        { byteLength: 12, hex: sha256(token).slice(0, 24) },
        sha256(token).slice(0, 24),
      ),
      "another maker": [
        maker,
        resource(PASSWORD, { keepers: { token } }, { name: "b", outputs: { result: "x".repeat(40) } }),
      ],
    },
    allowed: {
      "its hash": parameter(sha256(token)),
      "the stack's outputs": beside("pulumi:pulumi:Stack", { scimToken: token }),
      "the directory's outputs": beside("okta-scim-directory:index:ScimDirectory", {
        token,
        readerTokens: { hr: token },
      }),
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
