import type { JsonObject, JsonValue } from "../../../../../lambda/model.ts";
import { USER } from "../../../../../lambda/scim/schema/index.ts";
import {
  add,
  change,
  changed,
  merge,
  noPath,
  noTarget,
  refused,
  remove,
  replace,
  unchanged,
  work,
  type ChangeCase,
  type Outcome,
} from "./changeCase.ts";

const created = (element: JsonObject): Outcome => changed({ emails: [work, element] });
const x = "x@acme.test";

const missing: ChangeCase[] = [
  'emails[value eq "gone@acme.test"].primary',
  'emails[value eq "gone@acme.test"].display',
  'emails[type eq ""].value',
  'emails[type eq "home" and value eq "x"].value',
  'emails[type eq "home" or type eq "other"].value',
  'emails[type eq "home" and type eq "other"].value',
  'emails[not (type eq "work")].value',
  'emails[type ne "work"].value',
  'emails[type sw "ho"].value',
  "emails[type eq null].value",
  'emails[display pr and type eq "work"].value',
  'emails[primary eq false and type eq "home"].value',
  `${USER}:emails[value co "gone"].display`,
].flatMap((path) => {
  const value: JsonValue = path.endsWith(".primary") ? true : x;
  return [
    change(`replace of ${path}`, [replace(path, value)], noTarget(path)),
    change(`add to ${path}`, [add(path, value)], noTarget(path)),
    change(`replace of ${path} as a key`, [merge({ [path]: value })], noTarget(path)),
  ];
});

const entra: ChangeCase[] = [
  change("a whole element", [replace('emails[type eq "home"]', { value: x })], noTarget('emails[type eq "home"]')),
  change(
    "an element of a primary mark alone",
    [replace('emails[type eq "home"].primary', true)],
    noTarget('emails[type eq "home"].primary'),
  ),
  change(
    "the type of an element by its type",
    [replace('emails[type eq "home"].type', "other")],
    noTarget('emails[type eq "home"].type'),
  ),
  change("Entra's form", [replace('emails[type eq "home"].value', x)], created({ type: "home", value: x })),
  change("Entra's form with Add", [{ op: "Add", path: 'emails[type eq "home"].value', value: x }], {
    changed: { emails: [work, { type: "home", value: x }] },
  }),
  change("Entra's form as a key", [merge({ 'emails[type eq "home"].value': x })], created({ type: "home", value: x })),
  change(
    "Entra's form under the core URN",
    [replace(`${USER}:emails[type eq "home"].value`, x)],
    created({ type: "home", value: x }),
  ),
  change("Entra's form with a primary mark", [add('emails[primary eq "True" and type eq "home"].value', x)], {
    changed: {
      emails: [
        { ...work, primary: false },
        { primary: true, type: "home", value: x },
      ],
    },
  }),
  change(
    "Entra's form in two operations",
    [add('emails[type eq "home"].display', "X"), add('emails[type eq "home"].value', x)],
    created({ type: "home", display: "X", value: x }),
  ),
  change("Entra's form with null", [add('emails[type eq "home"].value', null)], unchanged),
  change("Entra's form with a list of null", [add('emails[type eq "home"].value', [null])], unchanged),
  change(
    "Entra's form twice",
    [replace('emails[type eq "home"].value', x), replace('emails[type eq "HOME"].value', x)],
    created({ type: "home", value: x }),
  ),
];

const removals: ChangeCase[] = [
  'emails[type eq "home"]',
  'emails[value eq "gone"].type',
  "emails[not (value pr)]",
  'emails[type eq "work" and primary eq false]',
  'emails[value ew "@other.test" or display co "x"].display',
  "emails[display pr]",
].map((path) => change(`remove of ${path}`, [remove(path)], unchanged));

const more: ChangeCase[] = [
  change("remove of what may not be retained", [remove('phoneNumbers[type eq "fax"]')], unchanged),
  change("remove by a value", [{ op: "Remove", path: "emails", value: [{ value: "gone" }] }], unchanged),
  change("remove twice", [remove('emails[type eq "work"]'), remove('emails[type eq "work"]')], {
    changed: { emails: null },
  }),
  change(
    "an unknown name in the filter",
    [remove('emails[kind eq "x"]')],
    refused("invalidFilter", 'The filter names "kind", which emails does not define.'),
  ),
  change(
    "an index",
    [replace("emails[0].value", x)],
    refused("invalidFilter", "The filter has its end at position 2 where an operator is expected."),
  ),
  change("an index after a dot", [replace("emails.0.value", x)], noPath("emails.0.value")),
  change(
    "a filter on a single value",
    [replace('name[givenName eq "Ann"].familyName', "x")],
    noPath('name[givenName eq "Ann"].familyName'),
  ),
];

/** The element of each multi-valued attribute that a test finds in a user, and a text that its filters look for. */
const lists: readonly (readonly [attribute: string, element: JsonObject, sub: string, value: string])[] = [
  ["emails", { value: "a@acme.test", type: "work" }, "value", "b@acme.test"],
  ["phoneNumbers", { value: "1", type: "work" }, "value", "2"],
  ["ims", { value: "ann", type: "work" }, "value", "ann2"],
  ["photos", { value: "https://acme.test/1", type: "work" }, "value", "https://acme.test/2"],
  ["addresses", { country: "DE", type: "work" }, "country", "FR"],
  ["entitlements", { value: "read", type: "work" }, "value", "write"],
  ["roles", { value: "admin", type: "work" }, "value", "owner"],
  ["x509Certificates", { value: "TWFu", type: "work" }, "value", "AA=="],
];

/** Value filters on every multi-valued attribute; a tenant that does not retain one accepts and drops each of them. */
const everyList: ChangeCase[] = lists.flatMap(([attribute, element, sub, value]) => {
  const retained = attribute === "emails";
  const start = replace(attribute, [element]);
  const at = (filter: string, part = ""): string => `${attribute}[${filter}]${part}`;
  const one = (op: string, path: string, value: JsonValue, outcome: Outcome): ChangeCase =>
    change(`${op} ${path}`, [start, { op, path, value }], outcome, retained ? outcome : unchanged);
  const fails = (path: string): ChangeCase => one("replace", path, value, noTarget(path));
  const stays = (path: string): ChangeCase => one("remove", path, null, changed({ [attribute]: [element] }));
  const goes = (path: string): ChangeCase => one("remove", path, null, changed({ [attribute]: null }));
  return [
    fails(at(`${sub} eq "none"`, `.${sub}`)),
    fails(at(`${sub} eq "none" or type eq "none"`, `.${sub}`)),
    fails(at(`type eq "work" and not (${sub} pr)`, `.${sub}`)),
    stays(at(`${sub} eq "none"`)),
    stays(at(`type ne "work"`)),
    stays(at("primary pr")),
    goes(at(`${sub} ne "none" and type pr`)),
    one(
      "replace",
      at('type eq "home"', `.${sub}`),
      value,
      changed({ [attribute]: [element, { type: "home", [sub]: value }] }),
    ),
    one(
      "replace",
      at('type eq "WORK" and not (type sw "h")', `.${sub}`),
      value,
      changed({ [attribute]: [{ ...element, [sub]: value }] }),
    ),
  ];
});

/** Value filters that match nothing, and their neighbours. */
export const selections: readonly ChangeCase[] = [...missing, ...entra, ...removals, ...more];
export const selectionsOfEveryList: readonly ChangeCase[] = everyList;
