import { GONE, showState, stepsOf, type Command, type State, type Step } from "./model.ts";

/** A command as its client saw it. */
export interface Observed {
  readonly command: Command;
  readonly answer: string;
  /** Attempts that broke off. Each may have been performed or not. */
  readonly failedBefore: number;
}

interface Move {
  readonly step: Step;
  /** The answer that the client saw, for the step that gives it. */
  readonly expected: string | undefined;
  readonly isOptional: boolean;
}

/** After the second one, repetitions of a broken attempt add no information. */
const MOST_REPETITIONS = 2;

function movesOf({ command, answer, failedBefore }: Observed): Move[] {
  const steps = stepsOf(command);
  const attempt = steps.map((step): Move => ({ step, expected: undefined, isOptional: true }));
  const last = steps.map((step, at): Move => ({
    step,
    expected: at === steps.length - 1 ? answer : undefined,
    isOptional: false,
  }));
  return [...Array.from({ length: Math.min(failedBefore, MOST_REPETITIONS) }, () => attempt).flat(), ...last];
}

/** What a write of the command may do that DynamoDB does later than its answer. A success leaves it nothing to do. */
function lateMovesOf({ command, answer, failedBefore }: Observed): Move[][] {
  const isFinal = failedBefore === 0 && (answer.startsWith("2") || answer === GONE);
  const isRead = command.kind.startsWith("read");
  return isFinal || isRead ? [] : [stepsOf(command).map((step) => ({ step, expected: undefined, isOptional: true }))];
}

/**
 * Every state in which the directory may be after the lanes ran at the same time, each in its own order, if every
 * client saw its answers. Empty if no order explains the answers. `isLate`: DynamoDB did a write whose sender had given
 * up or ended, so that a command may also have its effect after its answer.
 */
export function outcomes(start: State, lanes: readonly (readonly Observed[])[], isLate = false): Set<string> {
  const moves = [...lanes.map((lane) => lane.flatMap(movesOf)), ...(isLate ? lanes.flat().flatMap(lateMovesOf) : [])];
  const seen = new Set<string>();
  const ends = new Set<string>();
  const keyOf = (state: State, at: readonly number[]): string =>
    `${at.join()}|${JSON.stringify([[...state.users], [...state.groups].map(([id, { name, members }]) => [id, name, [...members].sort()]), [...state.leaving]])}`;
  const visit = (state: State, at: readonly number[]): void => {
    const key = keyOf(state, at);
    if (seen.has(key)) return;
    seen.add(key);
    if (at.every((position, lane) => position === moves[lane]?.length)) {
      ends.add(showState(state));
      return;
    }
    at.forEach((position, lane) => {
      const move = moves[lane]?.[position];
      if (!move) return;
      const next = at.map((other, index) => (index === lane ? other + 1 : other));
      const done = move.step(state);
      if (move.expected === undefined || done.answers?.includes(move.expected) === true) visit(done.state, next);
      if (move.isOptional) visit(state, next);
    });
  };
  visit(
    start,
    moves.map(() => 0),
  );
  return ends;
}
