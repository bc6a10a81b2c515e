import { onTestFinished } from "vitest";
import { startOrg, type Org, type OrgOptions } from "../../../../sandbox/okta/index.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // Any answer; each test names the shape that it expects.
  readonly body: unknown;
}

export interface TestOrg extends Org {
  /** Calls the Management API with the org's token; `path` starts after `/api/v1`, or is a whole path. */
  api(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Like `api`, for an answer with an `id`. */
  make(method: string, path: string, body: unknown): Promise<string>;
}

/** Starts an org for one test, by default without people. It ends with the test. */
export async function startTestOrg(options: OrgOptions = {}): Promise<TestOrg> {
  const org = await startOrg({ pollMs: 2, seed: false, ...options });
  onTestFinished(() => org.close());
  return withApi(org);
}

/** The org with calls of its Management API. */
export function withApi(org: Org): TestOrg {
  const api = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const url = path.startsWith("/.well-known") || path.startsWith("/api/") ? path : `/api/v1${path}`;
    const response = await fetch(`${org.url}${url}`, {
      method,
      headers: {
        accept: "application/json",
        authorization: `SSWS ${org.apiToken}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") === true;
    const parsed: unknown = text === "" ? undefined : isJson ? JSON.parse(text) : text;
    return { status: response.status, headers: response.headers, body: parsed };
  };
  return {
    ...org,
    api,
    make: async (method, path, body) => {
      const answer = await api(method, path, body);
      if (answer.status !== 200) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
      return at(answer.body, "id");
    },
  };
}

export const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? { ...value } : {};
export const asList = (value: unknown): unknown[] => (Array.isArray(value) ? [...(value as unknown[])] : []);

/** A text inside an answer. */
export function at(value: unknown, ...path: readonly (string | number)[]): string {
  const found = path.reduce<unknown>((one, key) => asRecord(one)[key], value);
  if (typeof found !== "string") throw new Error(`no text at ${path.join(".")} of ${JSON.stringify(value)}`);
  return found;
}

/** A client's request that creates the article's custom SAML app. */
export const samlApp = (label: string, template = "${source.login}"): Record<string, unknown> => ({
  label,
  signOnMode: "SAML_2_0",
  accessibility: { selfService: false },
  visibility: { autoSubmitToolbar: false, hide: { iOS: false, web: false } },
  credentials: { userNameTemplate: { template, type: "BUILT_IN" } },
  settings: {
    app: {},
    implicitAssignment: false,
    notes: { admin: null, enduser: null },
    signOn: {
      ssoAcsUrl: "https://sp.example.com/acs",
      ssoAcsUrlOverride: "",
      recipient: "https://sp.example.com/acs",
      recipientOverride: "",
      destination: "https://sp.example.com/acs",
      destinationOverride: "",
      audience: "https://sp.example.com",
      audienceOverride: "",
      defaultRelayState: "",
      subjectNameIdTemplate: "${user.userName}",
      subjectNameIdFormat: "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
      signatureAlgorithm: "RSA_SHA256",
      digestAlgorithm: "SHA256",
      authnContextClassRef: "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
      responseSigned: true,
      assertionSigned: true,
      honorForceAuthn: false,
      slo: { enabled: false },
    },
  },
});

/** The SCIM 2.0 test app of Okta's catalogue. */
export const catalogueApp = (label: string): Record<string, unknown> => ({
  name: "scim2headerauth",
  label,
  signOnMode: "AUTO_LOGIN",
  credentials: {
    scheme: "EXTERNAL_PASSWORD_SYNC",
    userNameTemplate: { template: "${source.login}", type: "BUILT_IN" },
  },
});

export const person = (first: string, more: Record<string, unknown> = {}): Record<string, unknown> => {
  const login = `${first.toLowerCase()}@example.com`;
  return { firstName: first, lastName: "Tester", login, email: login, ...more };
};

export const TOKEN = "secret-of-the-test";

/** Switches provisioning on as an administrator does. Default: everything allowed. */
export async function connect(
  org: Org,
  appId: string,
  baseUrl: string,
  changes: Partial<Settings> = {},
): Promise<void> {
  const result = await org.admin.configureProvisioning(appId, {
    baseUrl,
    token: org.appKind(appId) === "oin" ? `Bearer ${TOKEN}` : TOKEN,
    actions: { pushNewUsers: true, pushProfileUpdates: true, pushGroups: true, importUsers: true },
    toApp: { createUsers: true, updateUserAttributes: true, deactivateUsers: true },
    ...changes,
  });
  if (!result.ok) throw new Error(result.message);
}

type Settings = Parameters<Org["admin"]["configureProvisioning"]>[1];
