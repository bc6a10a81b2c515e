/** A JSON object as it came in or goes out. */
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

/** Why someone is in a group: put there by hand, or by these rules. */
export interface Membership {
  manual: boolean;
  readonly rules: Set<string>;
}

export type GroupType = "OKTA_GROUP" | "APP_GROUP" | "BUILT_IN";

export interface Group {
  readonly id: string;
  readonly type: GroupType;
  /** The app that an APP_GROUP came from. */
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

/** `aiw`: made by the App Integration Wizard, speaks PUT only. `oin`: a catalogue app, speaks PATCH. */
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

/** What only the Admin Console can set. */
export interface ProvisioningSettings {
  readonly baseUrl: string;
  /** As typed: the raw token for an AIW app ("HTTP Header"), the whole header value for `scim2headerauth`. */
  readonly token: string;
  readonly actions: ProvisioningActions;
  readonly toApp: ToApp;
  /** "Rename app groups to match group name in Okta"; on unless said otherwise. */
  readonly renameAppGroups?: boolean;
}

export interface GroupAssignment {
  readonly groupId: string;
  priority: number;
  profile: Json;
  lastUpdated: string;
}

/** What Okta remembers of someone's record downstream; it outlives the assignment. */
export interface Link {
  readonly scimId: string;
  /** False once unassigned; a new assignment looks the record up again. */
  attached: boolean;
  /** The attributes that were sent last, as text. */
  sent: string;
  /** Why the deactivation failed for good; the record may be active still. */
  failure?: string;
}

export interface AppUser {
  readonly userId: string;
  scope: "GROUP" | "USER";
  /** Assigned while provisioning was off: not created until an administrator says so. */
  held: boolean;
  /** The attributes whose sending failed for good; tried again once they change. */
  failed?: string;
  error?: string;
  readonly created: string;
  lastUpdated: string;
}

export interface Pushed {
  readonly name: string;
  /** SCIM ids of those who were sent. */
  readonly members: readonly string[];
  /** SCIM ids of those who would be sent if nobody were suspended. */
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
  /** What was pushed last; absent asks for a full push. */
  pushed?: Pushed;
  lastPush?: string;
  readonly created: string;
  lastUpdated: string;
}

export interface App {
  readonly id: string;
  readonly name: string;
  readonly kind: AppKind;
  label: string;
  status: "ACTIVE" | "INACTIVE";
  signOnMode: string;
  /** The parts that a client writes and Okta only keeps: accessibility, visibility, credentials, settings. */
  document: Json;
  readonly keyId: string;
  readonly created: string;
  lastUpdated: string;
  provisioning?: ProvisioningSettings;
  /** Whether the app's profile knows the SCIM attributes: a custom app's does once SCIM was switched on. */
  hasScimProfile: boolean;
  /** Attributes that an administrator added to the app's profile. */
  readonly customAttributes: Map<string, CustomAttribute>;
  /** The connection of the few apps that Okta's API can connect; this org sends nothing through it. */
  connection?: ApiConnection;
  /** Groups whose deletion downstream failed for good, by SCIM id. */
  readonly undeleted: Map<string, { readonly name: string; readonly error: string }>;
  readonly groups: Map<string, GroupAssignment>;
  /** People assigned one by one. */
  readonly direct: Set<string>;
  readonly users: Map<string, AppUser>;
  readonly links: Map<string, Link>;
  readonly pushes: Map<string, PushMapping>;
}

export interface CustomAttribute {
  readonly title: string;
  readonly type: string;
  /** The SCIM attribute's name, and the URN of its schema where that is not the core one. */
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

/** One request of Okta's SCIM client with its answer. Neither the token nor a password is kept. */
export interface Exchange {
  /** 1, 2, 3, … in the order in which the answers came. */
  readonly id: number;
  /** When the request was sent, ISO 8601. */
  readonly at: string;
  readonly appId: string;
  readonly method: string;
  readonly url: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBody?: unknown;
  /** 0 when no answer came. */
  readonly status: number;
  readonly responseHeaders: Readonly<Record<string, string>>;
  /** Without an answer: why none came. */
  readonly responseBody?: unknown;
  /** Milliseconds from the request to the end of the answer. */
  readonly ms: number;
}
