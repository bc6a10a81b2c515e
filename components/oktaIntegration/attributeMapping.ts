import * as okta from "@pulumi/okta";
import type * as pulumi from "@pulumi/pulumi";
import type { AttributesSetting } from "../../lambda/scim/schema/index.ts";
import { mappingRows } from "./profileSources.ts";
import type { ChildOptions } from "./app.ts";

/**
 * Okta's profile mapping from user to app, for the retained attributes. Other rows of the mapping stay. If the stack
 * stops declaring the mapping, it stays in Okta, because destroying it would clear every property.
 */
export function createAttributeMapping(
  name: string,
  appId: pulumi.Input<string>,
  attributes: AttributesSetting,
  options: ChildOptions,
): okta.profile.Mapping {
  const source = okta.user.getUserProfileMappingSourceOutput({ parent: options.parent });
  return new okta.profile.Mapping(
    `${name}-mapping`,
    { sourceId: source.id, targetId: appId, deleteWhenAbsent: false, mappings: mappingRows(attributes) },
    { ...options, retainOnDelete: true },
  );
}
