/** What is wrong with a field of a request, without the field's name in the text. */
export interface FieldProblem {
  /** Name of the field in the request; empty if the problem is about no single field. */
  readonly field: string;
  readonly text: string;
}

/** A request that the page should not send. The message says why. */
export class BadRequest extends Error {
  override readonly name = "BadRequest";
  readonly status: number;
  readonly problems: readonly FieldProblem[];

  constructor(
    status: number,
    message: string,
    options?: ErrorOptions & { readonly problems?: readonly FieldProblem[] },
  ) {
    super(message, options);
    this.status = status;
    this.problems = options?.problems ?? [];
  }
}

/** A request of which one field is refused. */
export const refusedField = (status: number, field: string, text: string): BadRequest =>
  new BadRequest(status, text, { problems: [{ field, text }] });
