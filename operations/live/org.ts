/** An Okta org in the form that `verify` and `push-now` need; `oktaOrg` reads it from the Management API. */

export interface LiveApp {
  readonly label: string;
  /** The catalogue's name of the app, such as `scim2headerauth`; for a custom app, a name that Okta generates. */
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

/** A person who is assigned to the app. */
export interface Assigned {
  readonly id: string;
  readonly userName: string;
  /** `GROUP` for a person who is assigned by a group, `USER` for one who is assigned individually. */
  readonly scope: string;
  /** The id of the person's record in the directory; undefined until Okta has provisioned the person. */
  readonly externalId: string | undefined;
  readonly syncState: string | undefined;
  /** Why the last provisioning of this person failed, in Okta's words, if the API gives them. */
  readonly errorMessage: string | undefined;
  /** The app's profile of the person: the values that Okta sends to the directory. */
  readonly profile: Readonly<Record<string, unknown>>;
}

/** A provisioning job that failed, as the System Log has it. */
export interface JobFailure {
  /** Okta's id of the person. */
  readonly userId: string;
  readonly login: string;
  /** The event's type, such as `application.provision.user.deactivate`. */
  readonly job: string;
  readonly reason: string | undefined;
}

export interface LiveRule {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly expression: string;
  /** The groups to which the rule adds people. */
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

/** From each property of the app's profile to the expression that fills it, and whether updates are pushed. */
export type LiveProfileMapping = Readonly<Record<string, { readonly expression: string; readonly pushStatus: string }>>;

/** Reads an org; undefined means that the object does not exist. */
export interface OrgReader {
  app(id: string): Promise<LiveApp | undefined>;
  group(id: string): Promise<LiveGroup | undefined>;
  /** Groups by Okta's `search` expression. */
  searchGroups(search: string): Promise<readonly LiveGroup[]>;
  /** Page by page, so that a large group is never held in memory as a whole. */
  members(groupId: string): AsyncIterable<Member>;
  rules(): Promise<readonly LiveRule[]>;
  assignedGroups(appId: string): Promise<readonly string[]>;
  /** Page by page. */
  assignedUsers(appId: string): AsyncIterable<Assigned>;
  mappings(appId: string): Promise<readonly LiveMapping[]>;
  /** Failed provisioning jobs of an app's people, the newest first; nothing where the credentials may not read the System Log. */
  failures(appId: string): AsyncIterable<JobFailure>;
  /** The mapping from Okta's profile to the app's. */
  profileMapping(appId: string): Promise<LiveProfileMapping | undefined>;
}

export interface PushControl {
  mappings(appId: string): Promise<readonly LiveMapping[]>;
  setMappingStatus(appId: string, mappingId: string, status: "ACTIVE" | "INACTIVE"): Promise<void>;
}
