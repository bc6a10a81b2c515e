import * as okta from "@pulumi/okta";
import type * as pulumi from "@pulumi/pulumi";
import { compileRegistry, type AttributesSetting } from "../../lambda/scim/schema/index.ts";

/** TODO placeholder until the schema registry is in */
export function createAttributeMapping(
  name: string,
  appId: pulumi.Input<string>,
  attributes: AttributesSetting,
  options: pulumi.CustomResourceOptions,
): okta.profile.Mapping {
  void compileRegistry(attributes);
  const source = okta.user.getUserProfileMappingSourceOutput({}, options);
  return new okta.profile.Mapping(
    `${name}-mapping`,
    { sourceId: source.id, targetId: appId, deleteWhenAbsent: false, mappings: [] },
    { ...options, retainOnDelete: true },
  );
}
