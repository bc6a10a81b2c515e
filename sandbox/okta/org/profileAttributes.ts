/**
 * The mapping from Okta's profile to a SCIM app's profile that Okta creates when SCIM is switched on: app attribute →
 * expression.
 */
export const defaultExpressions: Readonly<Record<string, string>> = {
  givenName: "user.firstName",
  familyName: "user.lastName",
  middleName: "user.middleName",
  honorificPrefix: "user.honorificPrefix",
  honorificSuffix: "user.honorificSuffix",
  email: "user.email",
  displayName: `user.displayName != null ? user.displayName : user.firstName + " " + user.lastName`,
  title: "user.title",
  nickName: "user.nickName",
  profileUrl: "user.profileUrl",
  locale: "user.locale",
  preferredLanguage: "user.preferredLanguage",
  timezone: "user.timezone",
  userType: "user.userType",
  employeeNumber: "user.employeeNumber",
  costCenter: "user.costCenter",
  organization: "user.organization",
  division: "user.division",
  department: "user.department",
};

/** SCIM attributes of the app's profile that Okta does not map by itself. */
const unmapped = [
  "formatted",
  "emailType",
  "primaryPhone",
  "primaryPhoneType",
  "addressType",
  "streetAddress",
  "locality",
  "region",
  "postalCode",
  "country",
  "managerValue",
  "managerDisplayName",
];

/** The attributes of the app's profile after SCIM is on, besides `userName`. */
export const scimProfile: readonly string[] = [...Object.keys(defaultExpressions), ...unmapped];
