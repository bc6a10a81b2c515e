import { randomBytes } from "node:crypto";
import { messageOf } from "../support/errors.ts";
import { builtins } from "./builtins.ts";
import { changesOf, isSame, type Changes } from "./changes.ts";
import { conflictOf, withIgnored, withName, without } from "./inputs.ts";
import { PartialFailure, type Created, type Provider, type ResourceHandler } from "./provider.ts";
import { deleteResource } from "./deleteResource.ts";
import { takeOver } from "./takeOver.ts";
import {
  DeploymentError,
  type EngineEvent,
  type Operation,
  type Registered,
  type Registration,
  type Summary,
} from "./registration.ts";
import { lastOf, makeUrn, urnsOf, youngestFirst, type ResourceState, type StackState } from "./state.ts";
import { UNKNOWN, holdsSecret, plainRecord, type Values } from "./values.ts";

interface Context {
  readonly project: string;
  readonly stack: string;
  readonly providers: readonly Provider[];
  readonly preview: boolean;
  readonly onEvent: (event: EngineEvent) => void;
}

/**
 * One run of the program against the state. It decides for each resource, and afterwards deletes those that were not
 * declared.
 */
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

  /** @throws DeploymentError that names the resource */
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
      throw new DeploymentError(`${type} ${name}: ${messageOf(error)}`, { cause: error });
    }
  }

  /** Stores the outputs that a component registers for itself. */
  registerOutputs(urn: string, values: Values): void {
    const component = this.#state.resources.get(urn);
    if (component === undefined || this.#context.preview) return;
    const secrets = new Set(Object.keys(values).filter((key) => holdsSecret(values[key])));
    this.#state.resources.set(urn, { ...component, outputs: { ...component.inputs, ...plainRecord(values) }, secrets });
  }

  async invoke(token: string, args: Values): Promise<Values> {
    const builtin = builtins[token];
    if (builtin !== undefined) return builtin(this.#state, args);
    const call = this.#context.providers
      .map((provider) => provider.functions[token])
      .find((found) => found !== undefined);
    if (call === undefined) throw new DeploymentError(`the sandbox has no function ${token}`);
    try {
      return await call(args);
    } catch (error) {
      throw new DeploymentError(`${token}: ${messageOf(error)}`, { cause: error });
    }
  }

  /**
   * Deletes replaced resources and those that the program no longer declares. A resource is deleted before its
   * dependencies.
   */
  async finish(): Promise<void> {
    const { resources, replaced } = this.#state;
    const gone = [...resources.values()].filter(({ urn }) => !this.#seen.has(urn));
    for (const old of gone) {
      if (old.protect) {
        throw new DeploymentError(
          `${old.type} ${old.name} is protected and no longer declared; unprotect it to delete it`,
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
    const old = lastOf([urn, ...urnsOf(registration, this.#context)], this.#state);
    if (old !== undefined) this.#seen.add(old.urn);
    if (!registration.custom || type.startsWith("pulumi:providers:")) {
      const id = registration.custom ? (old?.id ?? randomBytes(8).toString("hex")) : "";
      return this.#keep(
        { urn, registration, inputs: declared, secrets, formerUrn: urn },
        { id, outputs: { ...old?.outputs, ...declared } },
      );
    }
    const handler = this.#context.providers
      .map((provider) => provider.resources[type])
      .find((found) => found !== undefined);
    if (handler === undefined) throw new DeploymentError(`the sandbox has no resource type ${type} (${name})`);
    const inputs = withName(handler, name, withIgnored(declared, old?.inputs, registration.ignoreChanges), old?.inputs);
    const conflict = conflictOf(handler, inputs);
    if (conflict !== undefined) throw new Error(conflict.reason);
    const wanted: Wanted = { urn, registration, inputs, secrets, formerUrn: old?.urn ?? urn };
    const changes = old === undefined ? undefined : changesOf(handler, registration, old, inputs);
    if (old?.protect === true && changes !== undefined && changes.replacing.length > 0)
      throw protectedFromReplacement(old, changes.replacing);
    return this.#context.preview
      ? this.#preview(wanted, handler, old, changes)
      : this.#make(wanted, handler, old, changes);
  }

  async #make(
    wanted: Wanted,
    handler: ResourceHandler,
    old: ResourceState | undefined,
    changes: Changes | undefined,
  ): Promise<Registered> {
    const { urn, registration, inputs } = wanted;
    if (old === undefined || changes === undefined) {
      this.#emit("create", urn, registration);
      return this.#finished(wanted, () =>
        registration.importId === "" ? handler.create(inputs) : takeOver(handler, registration.importId),
      );
    }
    if (isSame(changes)) {
      this.#emit("same", urn, registration);
      return this.#keep(wanted, old);
    }
    if (changes.replacing.length > 0) return this.#replace(wanted, handler, old);
    this.#emit("update", urn, registration);
    return this.#finished(wanted, async () => ({
      id: old.id,
      outputs: await handler.update(old.id, old.outputs, inputs),
    }));
  }

  async #replace(wanted: Wanted, handler: ResourceHandler, old: ResourceState): Promise<Registered> {
    const { urn, registration, inputs } = wanted;
    this.#emit("replace", urn, registration);
    if (registration.deleteBeforeReplace) await this.#delete(old);
    const renamed = handler.autoName !== undefined && !(handler.autoName in registration.inputs);
    const fresh = renamed
      ? withName(handler, registration.name, without(inputs, handler.autoName ?? ""), undefined)
      : inputs;
    return this.#finished({ ...wanted, inputs: fresh }, async () => {
      const made = await handler.create(fresh);
      if (!registration.deleteBeforeReplace) this.#state.replaced.push(old);
      return made;
    });
  }

  /** Stores the result. A resource that was made only in part is stored as incomplete, and its failure is thrown. */
  async #finished(wanted: Wanted, work: () => Promise<Created>): Promise<Registered> {
    const { inputs } = wanted;
    try {
      const { id, outputs } = await work();
      return this.#keep(wanted, { id, outputs: { ...inputs, ...outputs } });
    } catch (error) {
      if (error instanceof PartialFailure)
        this.#keep(wanted, { id: error.id, outputs: { ...inputs, ...error.outputs }, incomplete: true });
      throw error;
    }
  }

  #preview(
    { urn, registration, inputs, secrets }: Wanted,
    handler: ResourceHandler,
    old: ResourceState | undefined,
    changes: Changes | undefined,
  ): Registered {
    const replaced = changes !== undefined && changes.replacing.length > 0;
    if (old !== undefined && changes !== undefined && !replaced) {
      this.#emit(isSame(changes) ? "same" : "update", urn, registration);
      return { urn, id: old.id, outputs: { ...old.outputs, ...inputs }, secrets };
    }
    this.#emit(replaced ? "replace" : "create", urn, registration);
    const unknown = Object.fromEntries(handler.computed.map((key) => [key, UNKNOWN]));
    return { urn, id: "", outputs: { ...unknown, ...inputs }, secrets };
  }

  #keep(
    { urn, registration, inputs, secrets, formerUrn }: Wanted,
    { id, outputs, incomplete = false }: Created & { readonly incomplete?: boolean },
  ): Registered {
    if (!this.#context.preview) {
      const { type, name, custom, parent, dependencies, protect, retainOnDelete } = registration;
      const { replacementTrigger, ignoreChanges } = registration;
      const declared = { urn, type, name, custom, parent, dependencies, protect, retainOnDelete };
      const kept = { ...declared, replacementTrigger, ignoreChanges, id, inputs, outputs, secrets, incomplete };
      for (const resources of [this.#state.resources, this.#state.deployed]) {
        resources.delete(urn);
        resources.delete(formerUrn);
        resources.set(urn, kept);
      }
    }
    return { urn, id, outputs, secrets };
  }

  async #delete(old: ResourceState): Promise<void> {
    await deleteResource(old, this.#context.providers, this.#state);
    this.#emitDelete(old);
  }

  #emitDelete(old: ResourceState): void {
    if (old.custom && !old.type.startsWith("pulumi:providers:")) this.#emit("delete", old.urn, old);
  }

  #emit(op: Operation, urn: string, { type, name }: { readonly type: string; readonly name: string }): void {
    this.#counts[op] += 1;
    this.#context.onEvent({ kind: "resource", op, urn, type, name });
  }
}

/** A resource as the program declares it now. */
interface Wanted {
  readonly urn: string;
  readonly registration: Registration;
  readonly inputs: Values;
  readonly secrets: ReadonlySet<string>;
  /** The URN under which the last deployment had the resource. */
  readonly formerUrn: string;
}

function protectedFromReplacement({ type, name }: ResourceState, why: readonly string[]): DeploymentError {
  return new DeploymentError(`${type} ${name} is protected, and a change of ${why.join(", ")} would replace it`);
}
