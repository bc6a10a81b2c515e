import { isRecord, UNKNOWN, type Properties, type Resource } from "../model/resource.ts";
import type { StackRule } from "../model/rule.ts";
import { fragments } from "./encodings.ts";

/** A part of a secret with this many characters counts as the secret: it is half a token, or a third of one. */
const PART = 12;
/** A shorter generated text is a suffix of a name and not a secret. */
const SECRET_TEXT = 16;
const SECRET_BYTES = 12;

/** Properties of resources that make secrets. */
const made: Readonly<Record<string, (props: Properties) => readonly string[]>> = {
  "random:index/randomPassword:RandomPassword": () => ["result"],
  "random:index/randomString:RandomString": ({ length }) => (Number(length ?? 0) < SECRET_TEXT ? [] : ["result"]),
  "random:index/randomUuid:RandomUuid": () => ["result"],
  "random:index/randomUuid4:RandomUuid4": () => ["result"],
  "random:index/randomUuid7:RandomUuid7": () => ["result"],
  "random:index/randomBytes:RandomBytes": () => ["base64", "hex"],
  "random:index/randomId:RandomId": ({ byteLength }) =>
    Number(byteLength ?? 0) < SECRET_BYTES ? [] : ["hex", "b64Std", "b64Url", "dec"],
  "tls:index/privateKey:PrivateKey": () => ["privateKeyPem", "privateKeyPemPkcs8", "privateKeyOpenssh"],
  "aws:iam/accessKey:AccessKey": () => ["secret", "sesSmtpPasswordV4"],
  "aws:iam/serviceSpecificCredential:ServiceSpecificCredential": () => ["servicePassword", "serviceCredentialSecret"],
  "aws:iam/userLoginProfile:UserLoginProfile": () => ["password"],
  "aws:apigateway/apiKey:ApiKey": () => ["value"],
  "aws:appsync/apiKey:ApiKey": () => ["key"],
  "aws:grafana/workspaceApiKey:WorkspaceApiKey": () => ["key"],
  "aws:grafana/workspaceServiceAccountToken:WorkspaceServiceAccountToken": () => ["key"],
  "aws:ssm/activation:Activation": () => ["activationCode"],
  "aws:lightsail/bucketAccessKey:BucketAccessKey": () => ["secretAccessKey"],
  "aws:cognito/userPoolClient:UserPoolClient": () => ["clientSecret"],
  "aws:lightsail/keyPair:KeyPair": () => ["privateKey"],
  "okta:app/oAuth:OAuth": () => ["clientSecret"],
};

/** Outputs that hand tokens over. The program makes them secret; a policy pack gets values without that mark. */
const handOver: Readonly<Record<string, readonly string[]>> = {
  "pulumi:pulumi:Stack": ["scimToken", "scimAuthorization", "readerTokens", "eventReceivers"],
  "okta-scim-directory:index:ScimDirectory": ["token", "readerTokens", "eventReceivers"],
};

interface Secret {
  readonly maker: string;
  readonly parts: ReadonlySet<string>;
  readonly size: number;
}

export const tokenNowhere: StackRule = {
  name: "token-nowhere-in-plain-text",
  description:
    "A generated token, password or private key, or a random text of 16 characters or 12 bytes, stands in the resource that makes it, in the outputs that hand tokens over" +
    " (scimToken, scimAuthorization, readerTokens, eventReceivers, and the directory's token), and nowhere else:" +
    " not whole, not a part of 12 characters, and not in base64, hex or percent-encoding.",
  check: (resources) => {
    const secrets = resources.flatMap(secretsOf);
    return resources.flatMap(({ urn, type, props }) => {
      const others = secrets.filter(({ maker }) => maker !== urn);
      const judged = Object.entries(props).filter(([name]) => handOver[type]?.includes(name) !== true);
      return [...texts(Object.fromEntries(judged))]
        .filter(([, leaf]) => typeof leaf === "string" && others.some((secret) => reveals(leaf, secret)))
        .map(([path]) => ({
          urn,
          message: `${path} contains a generated secret or a part of it; pass its SHA-256 hash instead`,
        }));
    });
  },
  knownAtUp: (resources) =>
    resources.flatMap(({ type, name, props }) =>
      (made[type]?.(props) ?? []).filter((key) => props[key] === UNKNOWN).map((key) => `${key} of ${name}`),
    ),
};

/** Every leaf, and every key of a map, which may hold a text like a value. */
function* texts(value: unknown, path = ""): Generator<readonly [path: string, text: unknown]> {
  if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* texts(item, `${path}[${index}]`);
  else if (isRecord(value)) {
    for (const [key, inner] of Object.entries(value)) {
      yield [path === "" ? "a key" : `a key of ${path}`, key];
      // A key that is a secret must not stand in the message.
      yield* texts(inner, path === "" ? key : `${path}.${key.length < PART ? key : "…"}`);
    }
  } else yield [path, value];
}

function secretsOf({ type, urn, props }: Resource): readonly Secret[] {
  return (made[type]?.(props) ?? []).flatMap((key) => {
    const value = props[key];
    if (typeof value !== "string" || value.length < PART / 2) return [];
    const size = Math.min(PART, value.length);
    // The frame of a PEM is not secret.
    const body = value.replace(/-----[A-Z ]+-----/g, "");
    const parts = Array.from({ length: Math.max(0, body.length - size + 1) }, (_, index) =>
      body.slice(index, index + size),
    );
    return [{ maker: urn, size, parts: new Set(parts) }];
  });
}

function reveals(text: string, { parts, size }: Secret): boolean {
  for (const fragment of fragments(text)) {
    for (let index = 0; index + size <= fragment.length; index += 1) {
      if (parts.has(fragment.slice(index, index + size))) return true;
    }
  }
  return false;
}
