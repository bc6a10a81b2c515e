import { randomBytes } from "node:crypto";
import type { Provider, ResourceHandler } from "./provider.ts";
import { changedKeys, withIgnored, withName, without } from "./inputs.ts";
import { makeUrn, youngestFirst, type ResourceState, type StackState } from "./state.ts";
import { UNKNOWN, holdsSecret, plainRecord, type Values } from "./values.ts";

/** What a person reads of a failed deployment: the message alone. */
export class DeploymentError extends Error {}

export type EngineEvent =
  | { readonly kind: "resource"; readonly op: Operation; readonly type: string; readonly name: string }
  | { readonly kind: "log"; readonly severity: string; readonly message: string };

export type Operation = "create" | "update" | "replace" | "delete" | "same";

export interface Registration {
  readonly type: string;
  readonly name: string;
  readonly parent: string;
  readonly custom: boolean;
  /** Decoded inputs with their secret envelopes. */
  readonly inputs: Values;
  readonly dependencies: readonly string[];
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly additionalSecrets: readonly string[];
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly deleteBeforeReplace: boolean;
}

export interface Registered {
  readonly urn: string;
  readonly id: string;
  readonly outputs: Values;
  readonly secrets: ReadonlySet<string>;
}

/** How many resources of providers each thing happened to; components are not counted. */
export type Summary = Readonly<Record<Operation, number>>;

interface Context {
  readonly project: string;
  readonly stack: string;
  readonly providers: readonly Provider[];
  readonly preview: boolean;
  readonly onEvent: (event: EngineEvent) => void;
}

/** One run of the program against the state: decides for each resource, and afterwards deletes what was not declared. */
export class DeploymentRun {
  readonly #context: Context;
  readonly #state: StackState;
  readonly #seen = new Set<string>();
  readonly #counts: Record<Operation, number> = { create: 0, update: 0, replace: 0, delete: 0, same: 0 };

  constructor(context: Context, state: StackState) {
    this.#context = context;
    this.#state = state;
  }

  get summary(): Summary {
    return { ...this.#counts };
  }

  /** @throws DeploymentError naming the resource */
  async register(registration: Registration): Promise<Registered> {
    const { project, stack } = this.#context;
    const { type, name } = registration;
    const urn = makeUrn({ project, stack, ...registration });
    if (this.#seen.has(urn)) throw new DeploymentError(`two resources have the same name: ${type} ${name} (${urn})`);
    this.#seen.add(urn);
    try {
      return await this.#decide(urn, registration);
    } catch (error) {
      if (error instanceof DeploymentError) throw error;
      throw new DeploymentError(`${type} ${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Keeps the outputs that a component registers for itself. */
  registerOutputs(urn: string, values: Values): void {
    const component = this.#state.resources.get(urn);
    if (component === undefined || this.#context.preview) return;
    const secret = Object.keys(values).filter((key) => holdsSecret(values[key]));
    this.#state.resources.set(urn, {
      ...component,
      outputs: { ...component.outputs, ...plainRecord(values) },
      secrets: new Set([...component.secrets, ...secret]),
    });
  }

  async invoke(token: string, args: Values): Promise<Values> {
    const call = this.#context.providers
      .map((provider) => provider.functions[token])
      .find((found) => found !== undefined);
    if (call === undefined) throw new DeploymentError(`the sandbox has no function ${token}`);
    try {
      return await call(args);
    } catch (error) {
      throw new DeploymentError(`${token}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Deletes replaced resources and those that the program declares no more, dependents before what they depend on. */
  async finish(): Promise<void> {
    const { resources, replaced } = this.#state;
    const gone = [...resources.values()].filter(({ urn }) => !this.#seen.has(urn));
    for (const old of gone) {
      if (old.protect) {
        throw new DeploymentError(
          `${old.type} ${old.name} is protected and is declared no more; unprotect it to delete it`,
        );
      }
    }
    for (const old of youngestFirst([...replaced, ...gone])) {
      if (this.#context.preview) this.#emitDelete(old);
      else await this.#delete(old);
    }
  }

  async #decide(urn: string, registration: Registration): Promise<Registered> {
    const { type, name } = registration;
    const secrets = new Set(registration.additionalSecrets);
    for (const [key, value] of Object.entries(registration.inputs)) if (holdsSecret(value)) secrets.add(key);
    const declared = plainRecord(registration.inputs);
    const old = this.#state.resources.get(urn);
    if (!registration.custom || type.startsWith("pulumi:providers:")) {
      const id = registration.custom ? (old?.id ?? randomBytes(8).toString("hex")) : "";
      return this.#keep(urn, registration, { id, inputs: declared, outputs: declared, secrets });
    }
    const handler = this.#context.providers
      .map((provider) => provider.resources[type])
      .find((found) => found !== undefined);
    if (handler === undefined) throw new DeploymentError(`the sandbox has no resource type ${type} (${name})`);
    const inputs = withName(
      handler.autoName,
      name,
      withIgnored(declared, old?.inputs, registration.ignoreChanges),
      old?.inputs,
    );
    if (this.#context.preview) return this.#preview(urn, registration, handler, inputs, old, secrets);

    if (old === undefined) {
      this.#emit("create", type, name);
      const { id, outputs } = await handler.create(inputs);
      return this.#keep(urn, registration, { id, inputs, outputs: { ...inputs, ...outputs }, secrets });
    }
    const changed = changedKeys(old.inputs, inputs);
    if (changed.length === 0) {
      this.#emit("same", type, name);
      return this.#keep(urn, registration, { id: old.id, inputs, outputs: old.outputs, secrets });
    }
    if (replacing(handler, registration, changed).length > 0) {
      return this.#replace(urn, registration, handler, inputs, old, secrets);
    }
    this.#emit("update", type, name);
    const outputs = await handler.update(old.id, old.outputs, inputs);
    return this.#keep(urn, registration, { id: old.id, inputs, outputs: { ...inputs, ...outputs }, secrets });
  }

  async #replace(
    urn: string,
    registration: Registration,
    handler: ResourceHandler,
    inputs: Values,
    old: ResourceState,
    secrets: ReadonlySet<string>,
  ): Promise<Registered> {
    const { type, name } = registration;
    const why = replacing(handler, registration, changedKeys(old.inputs, inputs));
    if (old.protect) throw protectedFromReplacement(old, why);
    this.#emit("replace", type, name);
    if (registration.deleteBeforeReplace) await this.#delete(old);
    const renamed = handler.autoName !== undefined && !(handler.autoName in registration.inputs);
    const fresh = renamed
      ? withName(handler.autoName, name, without(inputs, handler.autoName ?? ""), undefined)
      : inputs;
    const { id, outputs } = await handler.create(fresh);
    if (!registration.deleteBeforeReplace) this.#state.replaced.push(old);
    return this.#keep(urn, registration, { id, inputs: fresh, outputs: { ...fresh, ...outputs }, secrets });
  }

  #preview(
    urn: string,
    registration: Registration,
    handler: ResourceHandler,
    inputs: Values,
    old: ResourceState | undefined,
    secrets: ReadonlySet<string>,
  ): Registered {
    const { type, name } = registration;
    const changed = old === undefined ? [] : changedKeys(old.inputs, inputs);
    const replaced = replacing(handler, registration, changed).length > 0;
    if (replaced && old?.protect) throw protectedFromReplacement(old, replacing(handler, registration, changed));
    if (old !== undefined && !replaced) {
      this.#emit(changed.length === 0 ? "same" : "update", type, name);
      return { urn, id: old.id, outputs: { ...old.outputs, ...inputs }, secrets };
    }
    this.#emit(replaced ? "replace" : "create", type, name);
    const unknown = Object.fromEntries(handler.computed.map((key) => [key, UNKNOWN]));
    return { urn, id: "", outputs: { ...unknown, ...inputs }, secrets };
  }

  #keep(
    urn: string,
    registration: Registration,
    made: { id: string; inputs: Values; outputs: Values; secrets: ReadonlySet<string> },
  ): Registered {
    if (!this.#context.preview) {
      const { type, name, custom, parent, dependencies, protect, retainOnDelete } = registration;
      const { resources } = this.#state;
      resources.delete(urn);
      resources.set(urn, { urn, type, name, custom, parent, dependencies, protect, retainOnDelete, ...made });
    }
    return { urn, id: made.id, outputs: made.outputs, secrets: made.secrets };
  }

  async #delete(old: ResourceState): Promise<void> {
    await deleteResource(old, this.#context.providers, this.#state);
    this.#emitDelete(old);
  }

  #emitDelete(old: ResourceState): void {
    if (old.custom && !old.type.startsWith("pulumi:providers:")) this.#emit("delete", old.type, old.name);
  }

  #emit(op: Operation, type: string, name: string): void {
    this.#counts[op] += 1;
    this.#context.onEvent({ kind: "resource", op, type, name });
  }
}

/** Deletes one resource and forgets it. @throws DeploymentError naming the resource, which is then kept in the state */
export async function deleteResource(
  old: ResourceState,
  providers: readonly Provider[],
  { resources, replaced }: StackState,
): Promise<void> {
  const handler = providers.map((provider) => provider.resources[old.type]).find((found) => found !== undefined);
  try {
    if (!old.retainOnDelete) await handler?.delete(old.id, old.outputs);
  } catch (error) {
    throw new DeploymentError(`${old.type} ${old.name}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (resources.get(old.urn) === old) resources.delete(old.urn);
  const index = replaced.indexOf(old);
  if (index >= 0) replaced.splice(index, 1);
}

function replacing(handler: ResourceHandler, registration: Registration, changed: readonly string[]): string[] {
  const keys = new Set([...(handler.replaces ?? []), ...registration.replaceOnChanges]);
  return changed.filter((key) => keys.has(key) || keys.has("*"));
}

function protectedFromReplacement({ type, name }: ResourceState, why: readonly string[]): DeploymentError {
  return new DeploymentError(`${type} ${name} is protected, and a change of ${why.join(", ")} would replace it`);
}
