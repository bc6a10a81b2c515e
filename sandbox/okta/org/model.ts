/** A JSON object of a request or an answer. */
export type Json = Record<string, unknown>;

export type UserStatus = "STAGED" | "PROVISIONED" | "ACTIVE" | "SUSPENDED" | "DEPROVISIONED";

export interface User {
  readonly id: string;
  status: UserStatus;
  profile: Json;
  readonly created: string;
  activated: string | null;
  statusChanged: string | null;
  passwordChanged: string | null;
  lastUpdated: string;
}

/** The reason why a person is in a group: added by hand, or added by these rules. */
export interface Membership {
  manual: boolean;
  readonly rules: Set<string>;
}

export type GroupType = "OKTA_GROUP" | "APP_GROUP" | "BUILT_IN";

export interface Group {
  readonly id: string;
  readonly type: GroupType;
  /** The app from which an APP_GROUP comes. */
  readonly appId?: string;
  profile: { name: string; description: string | null };
  readonly members: Map<string, Membership>;
  readonly created: string;
  lastUpdated: string;
  lastMembershipUpdated: string;
}

export interface Rule {
  readonly id: string;
  name: string;
  status: "ACTIVE" | "INACTIVE" | "INVALID";
  expression: string;
  expressionType: string;
  readonly groupIds: readonly string[];
  excludedUsers: string[];
  readonly created: string;
  lastUpdated: string;
}

/**
 * `aiw`: created by the App Integration Wizard; the client sends only PUT. `oin`: a catalogue app; the client sends
 * PATCH.
 */
export type AppKind = "aiw" | "oin";

export interface ProvisioningActions {
  readonly importUsers?: boolean;
  readonly importGroups?: boolean;
  readonly pushNewUsers: boolean;
  readonly pushProfileUpdates: boolean;
  readonly pushGroups: boolean;
}

export interface ToApp {
  readonly createUsers: boolean;
  readonly updateUserAttributes: boolean;
  readonly deactivateUsers: boolean;
}

/** Settings that only the Admin Console can change. */
export interface ProvisioningSettings {
  readonly baseUrl: string;
  /** As entered: the raw token for an AIW app ("HTTP Header"), the whole header value for `scim2headerauth`. */
  readonly token: string;
  readonly actions: ProvisioningActions;
  readonly toApp: ToApp;
  /** "Rename app groups to match group name in Okta". Default: on. */
  readonly renameAppGroups?: boolean;
}

export interface GroupAssignment {
  readonly groupId: string;
  priority: number;
  profile: Json;
  lastUpdated: string;
}

/** Okta's memory of a person's record in the directory. It outlives the assignment. */
export interface Link {
  readonly scimId: string;
  /** False after an unassignment. A new assignment looks the record up again. */
  attached: boolean;
  /** The attributes that were sent last, as text. */
  sent: string;
  /** Why the deactivation failed for good. The record may still be active. */
  failure?: string;
}

export interface AppUser {
  readonly userId: string;
  scope: "GROUP" | "USER";
  /** Assigned while provisioning was off: not created until an administrator starts it. */
  held: boolean;
  /** The attributes whose sending failed for good. They are tried again after they change. */
  failed?: string;
  error?: string;
  readonly created: string;
  lastUpdated: string;
}

export interface Pushed {
  readonly name: string;
  /** SCIM ids of the members that were sent. */
  readonly members: readonly string[];
  /** SCIM ids of the members that would be sent if nobody were suspended. */
  readonly people: readonly string[];
}

export interface PushMapping {
  readonly id: string;
  readonly appId: string;
  readonly sourceGroupId: string;
  readonly targetGroupId: string;
  status: "ACTIVE" | "INACTIVE" | "ERROR";
  errorSummary?: string;
  /** The source's name as last seen, to notice a rename. */
  sourceName: string;
  scimId?: string;
  /** The content that was pushed last. Undefined demands a full push. */
  pushed?: Pushed;
  lastPush?: string;
  readonly created: string;
  lastUpdated: string;
}

/** A rule of the Push Groups tab: it pushes each Okta group whose name matches, also future ones. */
export interface PushRule {
  readonly id: string;
  readonly name: string;
  readonly match: "startsWith" | "contains";
  readonly text: string;
  /** Groups whose push an administrator unlinked. */
  readonly unlinked: Set<string>;
}

export interface App {
  readonly id: string;
  readonly name: string;
  readonly kind: AppKind;
  label: string;
  status: "ACTIVE" | "INACTIVE";
  signOnMode: string;
  /** Fields that a client writes and Okta only keeps: accessibility, visibility, credentials, settings. */
  document: Json;
  readonly keyId: string;
  readonly created: string;
  lastUpdated: string;
  provisioning?: ProvisioningSettings;
  /**
   * Whether the app's profile knows the SCIM attributes. A custom app's profile knows them after SCIM was switched on.
   */
  hasScimProfile: boolean;
  /** Attributes that an administrator added to the app's profile. */
  readonly customAttributes: Map<string, CustomAttribute>;
  /** The connection of the few apps that Okta's API can connect. This org sends nothing through it. */
  connection?: ApiConnection;
  /** Groups whose deletion in the directory failed for good, by SCIM id. */
  readonly undeleted: Map<string, { readonly name: string; readonly error: string }>;
  readonly groups: Map<string, GroupAssignment>;
  /** People who are assigned individually. */
  readonly direct: Set<string>;
  readonly users: Map<string, AppUser>;
  readonly links: Map<string, Link>;
  readonly pushes: Map<string, PushMapping>;
  readonly pushRules: Map<string, PushRule>;
}

export interface CustomAttribute {
  readonly title: string;
  readonly type: string;
  /** The SCIM attribute's name, and the URN of its schema if it is not the core schema. */
  readonly externalName: string;
  readonly externalNamespace?: string;
}

export interface ApiConnection {
  status: "ENABLED" | "DISABLED";
  baseUrl: string;
  readonly features: Map<string, Json>;
}

export interface ProfileMapping {
  readonly id: string;
  readonly source: MappingEnd;
  readonly target: MappingEnd;
  properties: Record<string, MappingProperty>;
}

export interface MappingEnd {
  readonly id: string;
  readonly name: string;
  readonly type: "user" | "appuser";
}

export interface MappingProperty {
  readonly expression: string;
  readonly pushStatus: "PUSH" | "DONT_PUSH";
}

/** One request of Okta's SCIM client with its answer. Tokens and passwords are not kept. */
export interface Exchange {
  /** 1, 2, 3, … in the order of the answers. */
  readonly id: number;
  /** When the request was sent, ISO 8601. */
  readonly at: string;
  readonly appId: string;
  readonly method: string;
  readonly url: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBody?: unknown;
  /** 0 if there was no answer. */
  readonly status: number;
  readonly responseHeaders: Readonly<Record<string, string>>;
  /** Why there was no answer. */
  readonly responseBody?: unknown;
  /** Milliseconds from the request to the end of the answer. */
  readonly ms: number;
}
