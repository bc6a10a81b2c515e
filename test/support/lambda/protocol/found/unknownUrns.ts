// cspell:ignore activ
import type { JsonObject } from "../../../../../lambda/model.ts";
import { ENTERPRISE_USER, GROUP, USER } from "../../../../../lambda/scim/schema/index.ts";
import {
  acme,
  add,
  change,
  changed,
  merge,
  noPath,
  refused,
  remove,
  replace,
  type ChangeCase,
  type Outcome,
} from "./changeCase.ts";

/** As Entra writes the deactivation that stands beside an attribute of an extension that the directory does not know. */
const off = { op: "Replace", path: "active", value: "False" };
const deactivated: Outcome = changed({ active: false });
const beside = (name: string, operation: JsonObject, outcome = deactivated): ChangeCase =>
  change(name, [off, operation], outcome);
const first = (name: string, operation: JsonObject): ChangeCase => change(name, [operation, off], deactivated);

const dropped: ChangeCase[] = [
  beside("replace", replace(`${acme}:badge`, "2")),
  beside("replace in Entra's case", { op: "Replace", path: `${acme}:badge`, value: "2" }),
  first("replace before the deactivation", replace(`${acme}:badge`, "2")),
  beside("add", add(`${acme}:badge`, "2")),
  beside("add of an object", add(`${acme}:badge`, { number: 2, parts: [{ a: 1 }] })),
  beside("add of null", add(`${acme}:badge`, null)),
  beside("add of a sub-attribute", add(`${acme}:badge.number`, 2)),
  beside("add of a deeper one", add(`${acme}:badge.number.digit`, 2)),
  beside("remove", remove(`${acme}:badge`)),
  beside("remove of a sub-attribute", remove(`${acme}:badge.number`)),
  beside("remove of all of it", remove(acme)),
  beside("replace of all of it", replace(acme, { badge: "2" })),
  beside("a value filter", replace(`${acme}:badges[type eq "x"]`, { id: "2" })),
  beside("a value filter and a sub-attribute", replace(`${acme}:badges[type eq "x" and not (id pr)].id`, "2")),
  beside("a value filter with a bracket in its text", remove(`${acme}:badges[type eq "]["].id`)),
  beside("two value filters", remove(`${acme}:badges[type eq "x"].parts[id eq "y"].name`)),
  beside("a sub-attribute of a sub-attribute", replace(`${acme}:badges[type eq "x"].part.id`, "2")),
  beside("the URN in another case", replace(`${acme.toUpperCase()}:BADGE`, "2")),
  beside("a URN of another namespace", replace("urn:acme:badge", "2")),
  beside("a URN of a short namespace", replace("urn:x:schemas:Badge:number", "2")),
  beside("a web address", replace("https://schemas.acme.test/2.0/User:badge", "2")),
  beside("a schema of SCIM 1.1", replace("urn:scim:schemas:extension:enterprise:1.0:department", "IT")),
  beside("another version of a known schema", replace("urn:ietf:params:scim:schemas:core:3.0:User:title", "T")),
  beside("a URN that only starts like a known one", replace(`${USER}Extra:title`, "T")),
  beside("a key without a path", merge({ [`${acme}:badge`]: "2" })),
  beside("a filtered key without a path", merge({ [`${acme}:badges[type eq "x"].id`]: "2" })),
  beside("a container without a path", merge({ [acme]: { badge: "2" } })),
  beside("a container within the core's", merge({ [USER]: { [acme]: { badge: "2" } } })),
  change("the only operation", [replace(`${acme}:badge`, "2")], changed({})),
];

const wrong: ChangeCase[] = [
  beside("a misspelt name", replace("activ", false), noPath("activ")),
  beside("a misspelt sub-attribute", replace("name.given", "A"), noPath("name.given")),
  beside("a misspelt name with a value filter", remove('mails[type eq "x"]'), noPath('mails[type eq "x"]')),
  beside("one under the core URN", replace(`${USER}:activ`, false), noPath(`${USER}:activ`)),
  beside("one under the core URN in capitals", remove(`${USER.toUpperCase()}:X`), noPath(`${USER.toUpperCase()}:X`)),
  beside("the core URN with a colon alone", remove(`${USER}:`), noPath(`${USER}:`)),
  beside("one under the extension", remove(`${ENTERPRISE_USER}:dept`), noPath(`${ENTERPRISE_USER}:dept`)),
  beside("a dot after the extension", remove(`${ENTERPRISE_USER}.department`), noPath(`${ENTERPRISE_USER}.department`)),
  beside(
    "a misspelt sub-attribute of the extension",
    replace(`${ENTERPRISE_USER}:manager.id`, "m"),
    noPath(`${ENTERPRISE_USER}:manager.id`),
  ),
  beside("the schema of groups", replace(`${GROUP}:displayName`, "D"), noPath(`${GROUP}:displayName`)),
  beside("the schema of groups as a whole", replace(GROUP, { displayName: "D" }), noPath(GROUP)),
  beside("a name without a schema", replace("acme:badge", "2"), noPath("acme:badge")),
  beside("a URN without a name", replace("urn:acme", "2"), noPath("urn:acme")),
  beside("a URN with a blank", replace(`${acme}:my badge`, "2"), noPath(`${acme}:my badge`)),
  beside("an open bracket", remove(`${acme}:badges[type eq "x"`), noPath(`${acme}:badges[type eq "x"`)),
  beside("a bracket that nothing opens", remove(`${acme}:badges]`), noPath(`${acme}:badges]`)),
  beside("no dot after a filter", remove(`${acme}:badges[id pr]id`), noPath(`${acme}:badges[id pr]id`)),
  beside(
    "a broken value filter",
    replace(`${acme}:badges[type]`, "2"),
    refused("invalidFilter", "The filter has its end at position 5 where an operator is expected."),
  ),
  beside(
    "an empty value filter",
    replace(`${acme}:badges[].id`, "2"),
    refused("invalidFilter", "The filter has its end at position 1 where an attribute is expected."),
  ),
  beside(
    "a second value filter that is broken",
    remove(`${acme}:badges[id pr].parts[id eq]`),
    refused(
      "invalidFilter",
      "The filter has its end at position 6 where a value (a string in double quotes, a number, true, false or null) is expected.",
    ),
  ),
];

/** Paths and keys under the URI of a schema that the directory does not know, beside a deactivation. */
export const unknownUrns: readonly ChangeCase[] = [...dropped, ...wrong];
