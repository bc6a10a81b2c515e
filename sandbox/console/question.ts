/** A question that a person confirms before a deployment, with the consequences that it has at this moment. */
export interface Question {
  readonly title: string;
  readonly text: string;
  /** The text of the button that confirms. */
  readonly verb: string;
  /** Set if nothing is lost. */
  readonly kind?: "primary";
}

/** One question for all; undefined for none. */
export function asOne(questions: readonly Question[]): Question | undefined {
  const [first, ...more] = questions;
  if (first === undefined || more.length === 0) return first;
  return {
    title: "Deploy all these changes?",
    text: questions.map(({ text }) => text).join(" "),
    verb: "Deploy",
    ...(questions.every(({ kind }) => kind === "primary") ? { kind: "primary" } : {}),
  };
}
