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

/** One resource type of a stand-in provider. A failure is thrown as an `Error` whose message a person can act on. */
export interface ResourceHandler {
  /** Outputs that are unknown until the resource exists (shown as unknown in a preview). */
  readonly computed: readonly string[];
  /** Inputs whose change replaces the resource, as with the real provider. */
  readonly replaces?: readonly string[];
  /** The input that gets `<logical name>-<7 hex digits>` where the program leaves it out. */
  readonly autoName?: string;
  create(inputs: Properties): Promise<Created>;
  /** Current outputs, or undefined when the resource is gone. */
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
