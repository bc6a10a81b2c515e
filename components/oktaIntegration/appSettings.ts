/** The app's settings in Okta's own terms: declared by the program, and compared by `verify`. */

/** Nobody signs in through this app, so its sign-on settings are unreachable on purpose (`.invalid`, RFC 2606). */
export const DUMMY_URL = "https://scim-only.invalid/";

/** The catalogue's "SCIM 2.0 Test App (Header Auth)", by its name in Okta's API. */
export const CATALOGUE_APP = "scim2headerauth";

/** The userName formats that Okta's console offers ready-made; every other expression is a custom one. */
const builtInTemplates: ReadonlySet<string> = new Set([
  "${source.login}",
  "${source.email}",
  '${fn:substringBefore(source.login, "@")}',
  '${fn:substringBefore(source.email, "@")}',
]);

/** `userNameTemplate.type` of an Okta application. */
export const userNameTemplateType = (template: string): "BUILT_IN" | "CUSTOM" =>
  builtInTemplates.has(template) ? "BUILT_IN" : "CUSTOM";

/** The userName that Okta's app wizard proposes. */
export const DEFAULT_USER_NAME = "${source.login}";
