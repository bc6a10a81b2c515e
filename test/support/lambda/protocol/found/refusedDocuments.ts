import type { JsonObject } from "../../../../../lambda/model.ts";
import { ENTERPRISE_USER, GROUP, USER } from "../../../../../lambda/scim/schema/index.ts";
import { error } from "./error.ts";
import { noUris } from "./uris.ts";

const home = { value: "h@acme.test", type: "home" };

/** A document that is refused, if the tenant retains the attribute, and the body of the refusal. */
export interface RefusedDocument {
  readonly name: string;
  readonly sent: JsonObject;
  readonly body: JsonObject;
  /** Whether a tenant with the attributes `iru` drops the attribute, and accepts the document. */
  readonly isDropped: boolean;
}

const refuse = (name: string, sent: JsonObject, scimType: string, detail: string): RefusedDocument => ({
  name,
  sent,
  body: error(400, detail, scimType),
  isDropped: false,
});
const reference = (path: string, sent: JsonObject): RefusedDocument => ({
  name: `a bad ${path}: ${JSON.stringify(sent)}`,
  sent,
  body: error(
    400,
    `${path} must be an absolute or relative URI, such as "https://example.com/ann". Percent-encode any other character.`,
    "invalidValue",
  ),
  isDropped: true,
});
const twice = (name: string): string =>
  `The body has an object with the name "${name}" twice. Names are compared without case; send one of them.`;
const underTwoNames = (path: string): string => `${path} is given twice, under two names; send one of them.`;

export const refusedDocuments: readonly RefusedDocument[] = [
  refuse("a name in two cases", { title: "a", TITLE: "b" }, "invalidSyntax", twice("TITLE")),
  refuse(
    "a nested name in two cases",
    { name: { givenName: "a", GivenName: "b" } },
    "invalidSyntax",
    twice("GivenName"),
  ),
  refuse("an unknown name in two cases", { x: { y: [{ z: 1, Z: 2 }] } }, "invalidSyntax", twice("Z")),
  refuse(
    "an attribute under two names",
    { title: "a", [`${USER}:title`]: "b" },
    "invalidSyntax",
    underTwoNames(`${USER}:title`),
  ),
  refuse(
    "an attribute in two containers",
    { title: "a", [USER]: { title: "b" } },
    "invalidSyntax",
    underTwoNames(`${USER}:title`),
  ),
  refuse(
    "an attribute of the extension in two places",
    { [ENTERPRISE_USER]: { department: "a" }, [`${ENTERPRISE_USER}:department`]: "b" },
    "invalidSyntax",
    underTwoNames(`${ENTERPRISE_USER}:department`),
  ),
  refuse("an empty list for userName", { userName: [] }, "invalidValue", "userName is required and must not be empty."),
  refuse(
    "the schema of groups",
    { [GROUP]: { displayName: "D" } },
    "invalidValue",
    `${GROUP} is not a schema of User; leave ${GROUP} out.`,
  ),
  refuse(
    "an attribute of groups",
    { [USER]: { [`${GROUP}:displayName`]: "D" } },
    "invalidValue",
    `${GROUP} is not a schema of User; leave ${GROUP}:displayName out.`,
  ),
  refuse("the core URN as a text", { [USER]: "x" }, "invalidValue", `${USER} must be an object.`),
  refuse(
    "the extension as a list of two",
    { [ENTERPRISE_USER]: [{}, {}] },
    "invalidValue",
    `${ENTERPRISE_USER} must be an object.`,
  ),
  refuse(
    "a sub-attribute without its element",
    { "emails.value": "a" },
    "invalidValue",
    "emails.value names no element; send emails as an array of objects.",
  ),
  refuse(
    "a value filter as a key",
    { 'emails[type eq "work"].value': "a" },
    "invalidValue",
    "emails has a value filter, which only a PATCH takes; send it as an array of objects.",
  ),
  refuse("a list of two", { title: ["a", "b"] }, "invalidValue", "title must be a string."),
  refuse("a boolean in words", { active: "yes" }, "invalidValue", "active must be true or false."),
  refuse("a boolean as a number", { active: 1 }, "invalidValue", "active must be true or false."),
  refuse(
    "two primary elements",
    {
      emails: [
        { ...home, primary: true },
        { value: "x", primary: "True" },
      ],
    },
    "invalidValue",
    "emails has more than one primary value.",
  ),
  ...noUris.map((profileUrl) => reference("profileUrl", { profileUrl })),
  reference("photos[0].value", { photos: [{ value: "not a URI" }] }),
  reference("photos[1].value", { photos: [{ value: "https://a.example" }, { value: "a b" }] }),
  reference(`${ENTERPRISE_USER}:manager.$ref`, { [ENTERPRISE_USER]: { manager: { value: "m", $ref: "the boss" } } }),
];
