/** AWS answered with an error. `name` is AWS's own name of it, such as `ConditionalCheckFailedException`. */
export class AwsError extends Error {
  override readonly name: string;
  /** Of HTTP. */
  readonly status: number;
  /** The members of the answer's document, such as `CancellationReasons`; empty if the answer holds no JSON object. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Whether the answer showed that this machine's clock is wrong. The next request is signed with the right time. */
  readonly isClockCorrected: boolean;

  constructor(
    description: {
      readonly name: string;
      readonly message: string;
      readonly status: number;
      readonly fields?: Readonly<Record<string, unknown>>;
      readonly isClockCorrected?: boolean;
    },
    options?: ErrorOptions,
  ) {
    super(description.message, options);
    this.name = description.name;
    this.status = description.status;
    this.fields = description.fields ?? {};
    this.isClockCorrected = description.isClockCorrected ?? false;
  }
}

/**
 * There is no complete answer: it did not come in time, the connection broke, or the answer cannot be read. The request
 * may have been done, or be done later. `cause` is Node's error, if there is one.
 */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
}

/** The environment of the process lacks what a request to AWS needs. */
export class AwsEnvironmentError extends Error {
  override readonly name = "AwsEnvironmentError";
}
