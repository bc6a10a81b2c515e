import process from "node:process";
import * as pulumi from "@pulumi/pulumi";

/** The app's page in the Admin Console, from the provider's configuration; undefined if that names no org. */
export function appPage(app: {
  readonly name: pulumi.Input<string>;
  readonly id: pulumi.Input<string>;
}): pulumi.Output<string> | undefined {
  const config = new pulumi.Config("okta");
  const org = config.get("orgName") ?? process.env["OKTA_ORG_NAME"];
  if (org === undefined || org === "") return undefined;
  const domain = config.get("baseUrl") ?? process.env["OKTA_BASE_URL"] ?? "okta.com";
  return pulumi.interpolate`https://${org}-admin.${domain}/admin/app/${app.name}/instance/${app.id}/`;
}
