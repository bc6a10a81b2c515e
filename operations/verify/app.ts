import { CATALOGUE_APP, DUMMY_URL } from "../../components/oktaIntegration/appSettings.ts";
import { compareFeatures, featureNames } from "../../components/oktaIntegration/features.ts";
import { mappingRows } from "../../components/oktaIntegration/profileSources.ts";
import type { LiveApp } from "../live/org.ts";
import type { DeployedTenant } from "../live/tenant.ts";
import { checkOf, sections, type Check } from "./check.ts";
import type { Facts } from "./facts.ts";

const general = (id: string, title: string) => checkOf(sections.integration, id, title);
const up = (stack: string): string => `run "pulumi up --refresh --stack ${stack}"`;

/** "Creating the SCIM Integration in Okta" and "Configure App Provisioning". */
export function checkApp(tenant: DeployedTenant, { app, profileMapping, pushes }: Facts): Check[] {
  if (app === undefined) {
    return [
      general("app", "The app exists").wrong(
        "the org has no app with the id of this stack",
        `${up(tenant.stack)}, which creates it again; then repeat the console steps`,
      ),
    ];
  }
  return [
    checkPlan(app),
    ...checkGeneral(tenant, app),
    ...(tenant.config.app.template === "saml" ? [checkSignOn(app)] : []),
    ...checkFeatures(tenant, app, pushes.length > 0),
    checkUserName(tenant, app),
    checkMapping(tenant, profileMapping),
  ];
}

function checkPlan({ features }: LiveApp): Check {
  const { right, unknown } = checkOf(sections.prerequisites, "plan", "The plan includes Lifecycle Management");
  return features.length > 0
    ? right("Okta provisions through the app, which it does with that plan only")
    : unknown("no API tells the plan; without it the app's General tab offers no SCIM");
}

function checkGeneral({ config, stack }: DeployedTenant, app: LiveApp): Check[] {
  const { label, template } = config.app;
  const active = general("app", "The app exists and is active");
  const name = general("app-label", "The app has its name");
  const made = general("app-template", "The app is made from the right template");
  const hidden = general("app-hidden", "The app is hidden from people's dashboards");
  const isTemplate = template === "saml" ? app.signOnMode === "SAML_2_0" : app.name === CATALOGUE_APP;
  return [
    app.status === "ACTIVE"
      ? active.right(`"${app.label}"`)
      : active.wrong(
          `"${app.label}" is ${app.status}`,
          "activate it in the Admin Console: an inactive app provisions nobody",
        ),
    label === undefined || app.label === label
      ? name.right(app.label)
      : name.wrong(`it is "${app.label}" instead of "${label}"`, up(stack)),
    isTemplate
      ? made.right(template)
      : made.wrong(
          `it is ${app.name} (${app.signOnMode}) instead of ${template}`,
          "see docs/adopting.md, which says what replacing the app loses",
        ),
    app.hiddenOnWeb && app.hiddenOnIos
      ? hidden.right("on the web and in the mobile app")
      : hidden.warning(
          "people see the app",
          "hide it on the app's General tab, unless people sign in through it on purpose",
        ),
  ];
}

function checkSignOn({ ssoUrl, audience }: LiveApp): Check {
  const { right, warning } = general("sign-on", "Single sign-on URL and audience are dummies");
  return ssoUrl === DUMMY_URL && audience === DUMMY_URL
    ? right(DUMMY_URL)
    : warning(
        `they are ${ssoUrl ?? "not set"} and ${audience ?? "not set"}`,
        "change them on the app's Sign On tab, unless people sign in through this app on purpose",
      );
}

function checkFeatures({ config, stack }: DeployedTenant, app: LiveApp, pushesGroups: boolean): Check[] {
  const wanted = checkOf(sections.settings, "features", "The wanted provisioning actions are on");
  const nothingElse = checkOf(sections.settings, "other-features", "Nothing else is on");
  const connection = checkOf(sections.settings, "console-values", "Base URL and token are the ones of this tenant");
  const { missing, unwanted } = compareFeatures(app.features, config.provisioning, pushesGroups);
  return [
    missing.length === 0
      ? wanted.right(app.features.join(", "))
      : wanted.wrong(
          `Okta reports these as off: ${featureNames(missing).join(", ")}`,
          config.connection === "pending"
            ? `do the steps of "npm run next-steps -- --stack ${stack}", then set connection to ready`
            : `repeat the console steps, which "pulumi up --stack ${stack}" lists with this tenant's values; leave connection at ready, because pending removes the assignment`,
        ),
    unwanted.length === 0
      ? nothingElse.right("no import, no password synchronization")
      : nothingElse.warning(
          `also on: ${featureNames(unwanted).join(", ")}`,
          "switch it off on the app's Provisioning tab",
        ),
    connection.unknown("Okta's API shows neither; the comparison of both sides, below, tells whether they work"),
  ];
}

function checkUserName({ config, stack }: DeployedTenant, app: LiveApp): Check {
  const { right, wrong } = general("user-name", "The userName comes from the right attribute");
  const wanted = config.app.userNameTemplate;
  return wanted === undefined || app.userNameTemplate === wanted
    ? right(app.userNameTemplate)
    : wrong(`the app uses ${app.userNameTemplate}`, `${up(stack)}, which sets ${wanted}`);
}

function checkMapping({ config, stack }: DeployedTenant, live: Facts["profileMapping"]): Check {
  const { right, wrong } = checkOf(sections.provisioning, "attribute-mapping", "Attribute mappings (optional)");
  if (!config.attributeMapping) return right("left as Okta made them: attributeMapping is off");
  if (live === undefined)
    return wrong("the app has no profile mapping", "do the console steps first: Okta makes it then");
  const differing = mappingRows(config.attributes).filter(
    ({ id, expression, pushStatus }) => live[id]?.expression !== expression || live[id].pushStatus !== pushStatus,
  );
  return differing.length === 0
    ? right("each retained attribute is mapped and pushed")
    : wrong(`these are mapped in another way: ${differing.map(({ id }) => id).join(", ")}`, up(stack));
}
