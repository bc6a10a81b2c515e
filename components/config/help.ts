interface Help {
  readonly allowed: string;
  readonly fix: string;
}

const set = (example: string): string => `pulumi config set ${example}`;

const help: Readonly<Record<string, Help>> = {
  tenant: {
    allowed: "2 to 24 of a-z, 0-9 and -, starting with a letter and not ending in -",
    fix: set("tenant acme"),
  },
  endpoint: {
    allowed: "{kind: managed, domain?} or {kind: external, baseUrl, token}",
    fix: set("--path endpoint.kind managed"),
  },
  "endpoint.domain": {
    allowed: "{name, hostedZoneId}",
    fix: "give both, or remove endpoint.domain to use the default address",
  },
  "endpoint.domain.name": {
    allowed: "a host name in lower case, such as scim.example.com",
    fix: set("--path endpoint.domain.name scim.example.com"),
  },
  "endpoint.domain.hostedZoneId": {
    allowed: "a Route 53 hosted zone id, such as Z0123456789ABC",
    fix: set("--path endpoint.domain.hostedZoneId Z0123456789ABC"),
  },
  "endpoint.baseUrl": {
    allowed: "the SCIM base URL with https, such as https://accuhive.api.kandji.io/api/v1/scim",
    fix: set("--path endpoint.baseUrl https://…/api/v1/scim"),
  },
  "endpoint.token": {
    allowed: "the SCIM access token of the existing directory",
    fix: set("--secret --path endpoint.token"),
  },
  app: { allowed: "{label, template, userNameTemplate}", fix: set("--path app.label 'Iru Endpoint SCIM'") },
  "app.label": { allowed: "1 to 100 characters", fix: set("--path app.label 'Iru Endpoint SCIM'") },
  "app.template": { allowed: "saml or scim2headerauth", fix: set("--path app.template saml") },
  "app.userNameTemplate": {
    allowed: "an Okta expression such as ${source.login} or ${source.email}",
    fix: set("--path app.userNameTemplate '${source.login}'"),
  },
  connection: {
    allowed: "pending or ready",
    fix: "leave it pending until the console step of nextSteps is done, then set it to ready",
  },
  provisioning: {
    allowed: "{createUsers, updateUserAttributes, deactivateUsers}, each true or false",
    fix: set("--path provisioning.createUsers true"),
  },
  assignmentGroup: { allowed: "a group name of 1 to 255 characters", fix: set("assignmentGroup iru_endpoint_users") },
  pushGroups: {
    allowed: "a list of at most 1000 entries, each a group name or an object",
    fix: set("--path 'pushGroups[0]' Developers"),
  },
  "pushGroups.*": {
    allowed:
      "a name, or an object with exactly one of name, id, startsWith, contains, and create (with name only), targetName (one group only), keepTargetOnDelete, status",
    fix: "correct the entry, for example {name: Developers, keepTargetOnDelete: true}",
  },
  "pushGroups.*.id": {
    allowed: "an Okta group id, which starts with 00g",
    fix: "copy the id from the address of the group's page in the Okta console",
  },
  "pushGroups.*.status": {
    allowed: "ACTIVE or INACTIVE (paused)",
    fix: "remove status, or set it to INACTIVE to pause",
  },
  groupRules: { allowed: "automatic or none", fix: set("groupRules automatic") },
  attributes: { allowed: "iru, standard, or a list of attribute paths", fix: set("attributes iru") },
  attributeMapping: { allowed: "true or false", fix: set("attributeMapping false") },
  throttle: { allowed: "{ratePerSecond, burst}", fix: set("--path throttle.ratePerSecond 500") },
  "throttle.ratePerSecond": {
    allowed: "a whole number from 1 to 10000 (the account limit of API Gateway)",
    fix: set("--path throttle.ratePerSecond 500"),
  },
  "throttle.burst": {
    allowed: "a whole number from 1 to 5000 (the account limit of API Gateway)",
    fix: set("--path throttle.burst 1000"),
  },
  reservedConcurrency: {
    allowed: "a whole number from 1 to 1000; the account must keep 100 for its other functions",
    fix: "give a number that the account's quota of concurrent executions has room for, or remove reservedConcurrency",
  },
  tokenGeneration: { allowed: "a whole number from 1 to 100000", fix: set("tokenGeneration 1") },
  acceptPreviousToken: { allowed: "true or false", fix: set("acceptPreviousToken true") },
  stage: { allowed: "production or development", fix: set("stage production") },
  alarms: {
    allowed: "{email?, topicArn?}",
    fix: "give an e-mail address, the ARN of an SNS topic, or remove alarms",
  },
};

/** What is allowed at a path and how to set it; the nearest enclosing path that has an entry answers. */
export function configHelp(path: readonly string[], attributes: readonly string[]): Help {
  const general = path.map((part) => (/^\d+$/.test(part) ? "*" : part));
  for (let length = general.length; length > 0; length -= 1) {
    const found = help[general.slice(0, length).join(".")];
    if (found === undefined) continue;
    return path[0] === "attributes" ? { ...found, allowed: `${found.allowed}: ${attributes.join(", ")}` } : found;
  }
  return { allowed: "see the configuration table of the README", fix: "correct the value" };
}
