/** A question that a person confirms before a deployment, with the consequences that it has at this moment. */
export interface Question {
  readonly title: string;
  readonly text: string;
  /** The text of the button that confirms. */
  readonly verb: string;
}
