import type { ConsoleStep } from "./consoleSteps.ts";

/** Shown before anything is created, because a stack is of no use without the plan. */
export const PREREQUISITE =
  "Okta offers SCIM only with Lifecycle Management (Advanced): make sure that the plan of your org includes it.";

/** The sentence that follows the steps of a first deployment. */
export const finish = (stack: string): string =>
  `Run "pulumi config set --stack ${stack} connection ready", then "pulumi up --stack ${stack}": it checks the connection, assigns the group and pushes the groups.`;

/** A phrase that names the value of a stack's output by the command that prints it. */
export const outputText = (output: string, stack: string): string =>
  `the value of "pulumi stack output ${output} --show-secrets --stack ${stack}"`;

/** One step as a sentence for a person. */
export function sentence(step: ConsoleStep, stack: string): string {
  switch (step.id) {
    case "check-plan":
      return PREREQUISITE;
    case "open-app":
      return `In the Okta Admin Console, open Applications > Applications > "${step.value}".`;
    case "app-page":
      return `Its address: ${step.value}`;
    case "enable-scim":
      return `On the General tab, in App Settings, click Edit, set Provisioning to SCIM (in some orgs: check "Enable SCIM provisioning"), and save. Reload the page if the Provisioning tab does not appear.`;
    case "edit-integration":
      return "On the Provisioning tab, in Integration, click Edit.";
    case "enable-api-integration":
      return "On the Provisioning tab, click Configure API Integration and check Enable API integration.";
    case "base-url":
    case "unique-identifier":
      return `${step.label}: ${step.value}`;
    case "actions":
      return `${step.label}: ${step.values.join(", ")}; leave "Import New Users and Profile Updates" and "Import Groups" unchecked.`;
    case "token":
      return step.output === "scimToken"
        ? `Authentication Mode: HTTP Header. ${step.label}: ${outputText(step.output, stack)}.`
        : `${step.label}: ${outputText(step.output, stack)} (with the word Bearer in front).`;
    case "test-connection":
      return step.values.length === 0
        ? `Uncheck Import Groups, click ${step.label}, and save when Okta says that the app was verified.`
        : `Click ${step.label}; only ${step.values.join(", ")} may show a checkmark. Close it and save.`;
    case "to-app":
      return `Still on the Provisioning tab, open ${step.label}, click Edit, enable ${step.values.join(", ")}, and save.`;
    case "keep-group-names":
      return `On the Push Groups tab, open the settings and uncheck "${step.label}", or Okta overwrites the target names.`;
  }
}
