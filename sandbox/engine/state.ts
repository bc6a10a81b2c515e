import type { Values } from "./values.ts";

/** One resource as the last deployment left it. Inputs and outputs are plain; `secrets` names outputs to wrap. */
export interface ResourceState {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly id: string;
  readonly parent: string;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly inputs: Values;
  readonly outputs: Values;
  readonly secrets: ReadonlySet<string>;
}

/** `urn:pulumi:STACK::PROJECT::PARENTTYPE$TYPE::NAME`; the stack itself is no part of a type. */
export function makeUrn(options: { stack: string; project: string; parent: string; type: string; name: string }): string {
  const { stack, project, parent, type, name } = options;
  const parentType = parent.split("::")[2] ?? "";
  const qualified = parentType === "" || parentType === "pulumi:pulumi:Stack" ? type : `${parentType}$${type}`;
  return `urn:pulumi:${stack}::${project}::${qualified}::${name}`;
}
