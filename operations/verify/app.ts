import type { TenantConfig } from "../../components/config/tenant.ts";
import { mappingRows } from "../../components/oktaIntegration/profileSources.ts";
import { CATALOGUE_APP, DUMMY_URL } from "../../components/oktaIntegration/appSettings.ts";
import { compareFeatures, featureNames } from "../../components/oktaIntegration/features.ts";
import type { Facts } from "./facts.ts";
import type { LiveApp } from "../live/org.ts";
import { checksOf, type Check } from "./check.ts";

const UP = "run pulumi up --refresh";

/** "Creating the SCIM Integration in Okta" and "Configure App Provisioning". */
export function checkApp(config: TenantConfig, { app, profileMapping, pushes }: Facts): Check[] {
  const general = checksOf("Creating the SCIM integration in Okta");
  if (app === undefined) {
    return [
      general.wrong(
        "The app exists",
        "the org has no app with the id of this stack",
        `${UP}, which makes it again; then repeat the console step`,
      ),
    ];
  }
  return [
    prerequisite(app),
    ...checkGeneral(config, app),
    ...(config.app.template === "saml" ? [checkSignOn(app)] : []),
    ...checkFeatures(config, app, pushes.length > 0),
    config.app.userNameTemplate === undefined || app.userNameTemplate === config.app.userNameTemplate
      ? general.right("The userName comes from the right attribute", app.userNameTemplate)
      : general.wrong(
          "The userName comes from the right attribute",
          `the app uses ${app.userNameTemplate}`,
          `${UP}, which sets ${config.app.userNameTemplate}`,
        ),
    checkMapping(config, profileMapping),
  ];
}

function prerequisite({ features }: LiveApp): Check {
  const { right, unknown } = checksOf("Prerequisites");
  const step = "The plan includes Lifecycle Management";
  return features.length > 0
    ? right(step, "Okta provisions through the app, which it does with that plan only")
    : unknown(step, "no API tells the plan; without it the app's General tab offers no SCIM");
}

function checkGeneral(config: TenantConfig, app: LiveApp): Check[] {
  const { right, wrong } = checksOf("Creating the SCIM integration in Okta");
  const isTemplate = config.app.template === "saml" ? app.signOnMode === "SAML_2_0" : app.name === CATALOGUE_APP;
  return [
    app.status === "ACTIVE"
      ? right("The app exists and is active", `"${app.label}"`)
      : wrong(
          "The app exists and is active",
          `"${app.label}" is ${app.status}`,
          "activate it in the Admin Console: an inactive app provisions nobody",
        ),
    config.app.label === undefined || app.label === config.app.label
      ? right("The app has its name", app.label)
      : wrong("The app has its name", `it is "${app.label}" instead of "${config.app.label}"`, UP),
    isTemplate
      ? right("The app is made from the right template", config.app.template)
      : wrong(
          "The app is made from the right template",
          `it is ${app.name} (${app.signOnMode}) instead of ${config.app.template}`,
          'see "Replace the app" in docs/recipes.md for what a new app loses',
        ),
    app.hiddenOnWeb && app.hiddenOnIos
      ? right("The app is hidden from people's dashboards", "on the web and in the mobile app")
      : wrong("The app is hidden from people's dashboards", "people see an app that leads nowhere", UP),
  ];
}

function checkSignOn({ ssoUrl, audience }: LiveApp): Check {
  const { right, warning } = checksOf("Creating the SCIM integration in Okta");
  const step = "Single sign-on URL and audience are dummies";
  return ssoUrl === DUMMY_URL && audience === DUMMY_URL
    ? right(step, DUMMY_URL)
    : warning(
        step,
        `they are ${ssoUrl ?? "not set"} and ${audience ?? "not set"}`,
        `${UP}, unless somebody signs in through this app on purpose`,
      );
}

function checkFeatures(config: TenantConfig, app: LiveApp, pushesGroups: boolean): Check[] {
  const { right, unknown, warning, wrong } = checksOf("Configuring SCIM settings");
  const { missing, unwanted } = compareFeatures(app.features, config.provisioning, pushesGroups);
  const step = "The wanted provisioning actions are on";
  return [
    missing.length === 0
      ? right(step, app.features.join(", "))
      : wrong(
          step,
          `Okta reports these as off: ${featureNames(missing).join(", ")}`,
          config.connection === "pending"
            ? "follow the stack's output nextSteps, then set connection to ready"
            : "repeat the console step, which pulumi up names with this tenant's values; leave connection at ready, since pending takes the assignment back",
        ),
    unwanted.length === 0
      ? right("Nothing else is on", "no import, no password synchronization")
      : warning(
          "Nothing else is on",
          `also on: ${featureNames(unwanted).join(", ")}`,
          "switch it off on the app's Provisioning tab",
        ),
    unknown(
      "Base URL and token are the ones of this tenant",
      "Okta's API shows neither; what it pushed, further down, tells whether they work",
    ),
  ];
}

function checkMapping(config: TenantConfig, live: Facts["profileMapping"]): Check {
  const { right, wrong } = checksOf("Configure App Provisioning");
  const step = "Attribute mappings (optional)";
  if (!config.attributeMapping) return right(step, "left as Okta made them: attributeMapping is off");
  if (live === undefined)
    return wrong(step, "the app has no profile mapping", "finish the console step first: Okta makes it then");
  const differing = mappingRows(config.attributes).filter(
    ({ id, expression, pushStatus }) => live[id]?.expression !== expression || live[id].pushStatus !== pushStatus,
  );
  return differing.length === 0
    ? right(step, "each retained attribute is mapped and pushed")
    : wrong(step, `these are mapped in another way: ${differing.map(({ id }) => id).join(", ")}`, UP);
}
