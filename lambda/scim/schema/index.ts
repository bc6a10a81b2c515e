export type { Attribute, Schema } from "./attribute.ts";
export { ENTERPRISE_USER, GROUP, USER } from "./definitions.ts";
export { attributePaths, checkAttributes, compileRegistry, type AttributesSetting } from "./registry.ts";
export type { Registry, ResourceType } from "./resourceType.ts";
