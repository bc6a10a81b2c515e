/** A setting of the Okta provider that is missing. */
class CredentialsError extends Error {
  override readonly name = "CredentialsError";
}

/** The access to an Okta org, in the terms of Okta's own client. */
export interface OktaAccess {
  readonly orgUrl: string;
  readonly authorizationMode?: "SSWS" | "Bearer" | "PrivateKey";
  readonly token?: string;
  readonly clientId?: string;
  readonly scopes?: string[];
  readonly privateKey?: string;
  readonly keyId?: string;
}

/** The provider's settings by the name that its environment variable and its stack configuration share. */
const settings = {
  orgName: "OKTA_ORG_NAME",
  baseUrl: "OKTA_BASE_URL",
  httpProxy: "OKTA_HTTP_PROXY",
  apiToken: "OKTA_API_TOKEN",
  accessToken: "OKTA_ACCESS_TOKEN",
  clientId: "OKTA_API_CLIENT_ID",
  privateKey: "OKTA_API_PRIVATE_KEY",
  privateKeyId: "OKTA_API_PRIVATE_KEY_ID",
  scopes: "OKTA_API_SCOPES",
} as const;

/**
 * The credentials that `pulumi up` uses, in the provider's order: access token, API token, private key. Each comes from
 * the `okta:` key of the stack, or else from the OKTA_* variable of the environment. As in the provider, `httpProxy`
 * replaces the org's address.
 * @throws CredentialsError that names the missing setting
 */
export function oktaAccess(
  environment: Readonly<Record<string, string | undefined>>,
  config: Readonly<Record<string, string>>,
): OktaAccess {
  const read = reader(environment, config);
  const orgName = read("orgName");
  const proxy = read("httpProxy");
  if (orgName === undefined && proxy === undefined) {
    throw new CredentialsError(
      "Okta's address is not known: set OKTA_ORG_NAME (and OKTA_BASE_URL), or okta:orgName in the stack",
    );
  }
  const orgUrl = (proxy ?? `https://${orgName ?? ""}.${read("baseUrl") ?? "okta.com"}`).replace(/\/+$/, "");
  const accessToken = read("accessToken");
  if (accessToken !== undefined) return { orgUrl, authorizationMode: "Bearer", token: accessToken };
  const token = read("apiToken");
  if (token !== undefined) return { orgUrl, authorizationMode: "SSWS", token };
  const clientId = read("clientId");
  const privateKey = read("privateKey");
  if (clientId !== undefined && privateKey !== undefined) {
    const keyId = read("privateKeyId");
    return {
      orgUrl,
      authorizationMode: "PrivateKey",
      clientId,
      privateKey,
      scopes: scopesOf(read("scopes")),
      ...(keyId === undefined ? {} : { keyId }),
    };
  }
  throw new CredentialsError(
    "no credentials for Okta: set OKTA_API_TOKEN, or OKTA_ACCESS_TOKEN, or OKTA_API_CLIENT_ID with OKTA_API_PRIVATE_KEY and OKTA_API_SCOPES",
  );
}

/** Reads a setting: the `okta:` key of the stack, or else the variable of the environment. */
const reader =
  (environment: Readonly<Record<string, string | undefined>>, config: Readonly<Record<string, string>>) =>
  (key: keyof typeof settings): string | undefined => {
    const value = config[`okta:${key}`] ?? environment[settings[key]];
    return value === "" ? undefined : value;
  };

/** The org that {@link oktaAccess} reads, as the keys of a stack file that name it; none if only a proxy is known. */
export function orgSettings(...sources: Parameters<typeof oktaAccess>): Readonly<Record<string, string>> {
  const read = reader(...sources);
  const [orgName, baseUrl = "okta.com"] = [read("orgName"), read("baseUrl")];
  if (orgName === undefined) return {};
  return { "okta:orgName": orgName, ...(baseUrl === "okta.com" ? {} : { "okta:baseUrl": baseUrl }) };
}

/** As a list (`["okta.apps.manage"]`) or separated by blanks or commas. */
function scopesOf(text: string | undefined): string[] {
  return (text ?? "").split(/[\s,"[\]]+/).filter((scope) => scope !== "");
}
