/** Plain property values as a program declares them: JSON values, plus archives (`Archive`). */
export type PropertyValue = unknown;
export type Properties = Record<string, PropertyValue>;

/** The files of an asset archive: path → text. */
export class Archive {
  readonly files: ReadonlyMap<string, string>;
  constructor(files: ReadonlyMap<string, string>) {
    this.files = files;
  }
}

export interface Created {
  readonly id: string;
  readonly outputs: Properties;
}

/** The result of an import: the resource as the provider knows it, and the inputs that would declare it. */
export interface Imported {
  /** The id for the state, which may be shorter than the one that the person typed. */
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** Inputs that differ from the resource's own state, whatever the last deployment declared. */
export interface Drift {
  readonly changed: readonly string[];
  /** Those of them whose change replaces the resource. */
  readonly replaces: readonly string[];
}

/**
 * Thrown if a resource was created or changed only in part. The engine reports the failure and stores the resource with
 * these outputs. The next deployment updates it, even if its inputs did not change.
 */
export class PartialFailure extends Error {
  override readonly name = "PartialFailure";
  readonly id: string;
  readonly outputs: Properties;

  constructor(made: Created, cause: Error) {
    super(cause.message, { cause });
    this.id = made.id;
    this.outputs = made.outputs;
  }
}

/**
 * One resource type of a stand-in provider. A failure is thrown as an `Error` with a message that a person can act on.
 */
export interface ResourceHandler {
  /** Outputs that are unknown until the resource exists (shown as unknown in a preview). */
  readonly computed: readonly string[];
  /** Inputs whose change replaces the resource, as with the real provider. */
  readonly replaces?: readonly string[];
  /** The input that gets `<logical name>-<7 hex digits>` if the program leaves it out. */
  readonly autoName?: string;
  /** The end of such a name, where the provider adds one. */
  readonly autoNameEnd?: (inputs: Properties) => string;
  /** Pairs of inputs that the provider refuses together, even in a preview (`ConflictsWith`). */
  readonly conflicts?: readonly (readonly [string, string])[];
  /** For a provider that compares inputs with the state of the resource and not only with the last inputs. */
  readonly drift?: (state: Properties, inputs: Properties) => Drift;
  /**
   * Finds the resource that `pulumi import` names; undefined if it does not exist. Without this method, the type cannot
   * be imported.
   */
  readonly import?: (id: string) => Promise<Imported | undefined>;
  /** @throws PartialFailure if the resource exists but is not as declared */
  create(inputs: Properties): Promise<Created>;
  /** Current outputs; undefined if the resource is gone. */
  read(id: string, state: Properties): Promise<Properties | undefined>;
  update(id: string, state: Properties, inputs: Properties): Promise<Properties>;
  delete(id: string, state: Properties): Promise<void>;
}

/** A stand-in for one Pulumi provider: package `aws`, resource tokens such as `aws:dynamodb/table:Table`. */
export interface Provider {
  readonly package: string;
  readonly resources: Readonly<Record<string, ResourceHandler>>;
  readonly functions: Readonly<Record<string, (args: Properties) => Promise<Properties>>>;
}
