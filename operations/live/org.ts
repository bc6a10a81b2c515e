/** An Okta org as `verify` and `push-now` see it; `oktaOrg` reads it from the Management API. */

export interface LiveApp {
  readonly label: string;
  /** The catalogue's name of the app, such as `scim2headerauth`; Okta makes one up for a custom app. */
  readonly name: string;
  readonly status: string;
  readonly signOnMode: string;
  readonly features: readonly string[];
  readonly hiddenOnWeb: boolean;
  readonly hiddenOnIos: boolean;
  readonly userNameTemplate: string;
  /** Single sign-on URL and audience of a SAML app. */
  readonly ssoUrl: string | undefined;
  readonly audience: string | undefined;
}

export interface LiveGroup {
  readonly id: string;
  readonly name: string;
  readonly type: string;
}

export interface Member {
  readonly id: string;
  readonly login: string;
  /** Okta user status, such as ACTIVE or DEPROVISIONED. */
  readonly status: string;
}

/** Someone assigned to the app. */
export interface Assigned {
  readonly id: string;
  readonly userName: string;
  /** The id of their record in the directory; undefined until Okta provisioned them. */
  readonly externalId: string | undefined;
  readonly syncState: string | undefined;
  /** Why the last provisioning of this person failed, in Okta's words, where the API gives them. */
  readonly errorMessage: string | undefined;
}

export interface LiveRule {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly expression: string;
  /** Groups that the rule puts people in. */
  readonly targets: readonly string[];
}

export interface LiveMapping {
  readonly id: string;
  readonly sourceGroupId: string;
  readonly targetGroupId: string;
  readonly status: string;
  /** Why the last push failed, in Okta's words. */
  readonly errorSummary: string | undefined;
  /** When it was last pushed, in milliseconds since 1970. */
  readonly lastPush: number | undefined;
}

/** Property of the app's profile → the expression that fills it, and whether updates are pushed. */
export type LiveProfileMapping = Readonly<Record<string, { readonly expression: string; readonly pushStatus: string }>>;

/** Reads an org; undefined means that the object does not exist. */
export interface OrgReader {
  app(id: string): Promise<LiveApp | undefined>;
  group(id: string): Promise<LiveGroup | undefined>;
  /** Groups by Okta's `search` expression. */
  searchGroups(search: string): Promise<readonly LiveGroup[]>;
  /** Page by page, so that a large group is never held whole. */
  members(groupId: string): AsyncIterable<Member>;
  rules(): Promise<readonly LiveRule[]>;
  assignedGroups(appId: string): Promise<readonly string[]>;
  /** Page by page. */
  assignedUsers(appId: string): AsyncIterable<Assigned>;
  mappings(appId: string): Promise<readonly LiveMapping[]>;
  /** The mapping from Okta's profile to the app's. */
  profileMapping(appId: string): Promise<LiveProfileMapping | undefined>;
}

export interface PushControl {
  mappings(appId: string): Promise<readonly LiveMapping[]>;
  setMappingStatus(appId: string, mappingId: string, status: "ACTIVE" | "INACTIVE"): Promise<void>;
}
