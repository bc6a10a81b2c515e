import { complex, flag, reference, text, values, type Schema } from "./attribute.ts";

export const USER = "urn:ietf:params:scim:schemas:core:2.0:User";
export const ENTERPRISE_USER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
export const GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group";

/** RFC 7643 §3.1: attributes of every resource, which no schema lists. */
export const commonAttributes = [
  text("schemas", "The schemas that the resource uses, computed from its attributes", {
    multiValued: true,
    caseExact: true,
    mutability: "readOnly",
    returned: "always",
  }),
  text("id", "The resource's identifier, made by the service", {
    caseExact: true,
    mutability: "readOnly",
    returned: "always",
    uniqueness: "server",
  }),
  text("externalId", "The resource's identifier at the client, such as the Okta user id", {
    caseExact: true,
    emptyIsUnassigned: true,
  }),
  complex(
    "meta",
    "What the service knows of the resource",
    [
      text("resourceType", "User or Group", { caseExact: true, mutability: "readOnly" }),
      { ...text("created", "When the resource was made", { mutability: "readOnly" }), type: "dateTime" },
      { ...text("lastModified", "When the resource last changed", { mutability: "readOnly" }), type: "dateTime" },
      reference("location", "The address of the resource", ["uri"], { mutability: "readOnly" }),
      text("version", "The entity tag of the resource", { caseExact: true, mutability: "readOnly" }),
    ],
    { mutability: "readOnly" },
  ),
];

/** RFC 7643 §4.1. */
export const userSchema: Schema = {
  id: USER,
  name: "User",
  description: "User Account",
  attributes: [
    text("userName", "The name that identifies the user to the service; unique without regard to case", {
      required: true,
      uniqueness: "server",
      retention: "always",
    }),
    complex("name", "The parts of the user's name", [
      text("formatted", "The full name", { retention: "iru" }),
      text("familyName", "The family name", { retention: "iru" }),
      text("givenName", "The given name", { retention: "iru" }),
      text("middleName", "The middle names"),
      text("honorificPrefix", "The title before the name"),
      text("honorificSuffix", "The suffix after the name"),
    ]),
    text("displayName", "The name to show for the user", { retention: "iru" }),
    text("nickName", "The casual name"),
    reference("profileUrl", "The address of the user's profile page", ["external"]),
    text("title", "The job title", { retention: "iru" }),
    text("userType", "How the user relates to the organization"),
    text("preferredLanguage", "The preferred languages, as in Accept-Language"),
    text("locale", "The locale for formats"),
    text("timezone", "The time zone, in the Olson form"),
    flag("active", "Whether the user may use the service; false after a deactivation in Okta", {
      retention: "always",
    }),
    text("password", "Accepted and dropped: the directory stores no passwords", {
      mutability: "writeOnly",
      returned: "never",
      caseExact: true,
    }),
    { ...values("emails", "E-mail addresses", ["work", "home", "other"]), retention: "iru" },
    values("phoneNumbers", "Phone numbers", ["work", "home", "mobile", "fax", "pager", "other"]),
    values("ims", "Instant messaging addresses", ["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"]),
    values(
      "photos",
      "Addresses of photos",
      ["photo", "thumbnail"],
      reference("value", "The address of the photo", ["external"]),
    ),
    complex(
      "addresses",
      "Postal addresses",
      [
        text("formatted", "The full address"),
        text("streetAddress", "Street and house number"),
        text("locality", "The city"),
        text("region", "The state or region"),
        text("postalCode", "The postal code"),
        text("country", "The country, ISO 3166-1 alpha-2"),
        text("type", "What the address is for", { canonicalValues: ["work", "home", "other"] }),
        flag("primary", "Whether this is the preferred address"),
      ],
      { multiValued: true },
    ),
    complex(
      "groups",
      "The groups that the user is a direct member of; change them through the groups",
      [
        text("value", "The id of the group", { caseExact: true, mutability: "readOnly" }),
        reference("$ref", "The address of the group", ["Group"], { mutability: "readOnly" }),
        text("display", "The group's displayName", { mutability: "readOnly" }),
        text("type", "Always direct: the directory has no nested groups", {
          mutability: "readOnly",
          canonicalValues: ["direct"],
        }),
      ],
      { multiValued: true, mutability: "readOnly", returned: "request", retention: "always" },
    ),
    values("entitlements", "Entitlements", []),
    values("roles", "Roles", []),
    values("x509Certificates", "Certificates", [], {
      ...text("value", "The certificate, DER in base64", { caseExact: true }),
      type: "binary",
    }),
  ],
};

/**
 * RFC 7643 §4.3. Returning a manager's `displayName` would cost one read a user: clients send it, no tenant retains it.
 */
export const enterpriseUserSchema: Schema = {
  id: ENTERPRISE_USER,
  name: "EnterpriseUser",
  description: "Enterprise User",
  attributes: [
    text("employeeNumber", "The identifier within the organization"),
    text("costCenter", "The cost center"),
    text("organization", "The organization"),
    text("division", "The division"),
    text("department", "The department", { retention: "iru" }),
    complex("manager", "The user's manager", [
      text("value", "The id of the manager", { caseExact: true, emptyIsUnassigned: true }),
      reference("$ref", "The address of the manager", ["User"]),
      text("displayName", "The manager's displayName; ignored", { mutability: "readOnly", returned: "never" }),
    ]),
  ],
};

/**
 * RFC 7643 §4.2. Returning a member's `display` would cost one read a member: clients send it, no tenant retains it.
 */
export const groupSchema: Schema = {
  id: GROUP,
  name: "Group",
  description: "Group",
  attributes: [
    text("displayName", "The name of the group; unique without regard to case", {
      required: true,
      uniqueness: "server",
      retention: "always",
    }),
    complex(
      "members",
      "The users in the group; ids that no user has are left out",
      [
        text("value", "The id of the user", { caseExact: true, mutability: "immutable" }),
        reference("$ref", "The address of the user", ["User"], { mutability: "immutable", returned: "request" }),
        text("type", "Always User", { mutability: "immutable", canonicalValues: ["User"] }),
        text("display", "The user's displayName; accepted and dropped", { mutability: "immutable", returned: "never" }),
      ],
      { multiValued: true, retention: "always" },
    ),
  ],
};
