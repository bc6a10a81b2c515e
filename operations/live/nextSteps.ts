import { z } from "zod";
import { readStack } from "./stack.ts";
import { StackError } from "./stackError.ts";

const steps = z.array(z.string());

/** The output `nextSteps` of a stack as numbered lines. @throws StackError for a stack that was never deployed */
export async function nextStepsOf(stack: string): Promise<string[]> {
  const { outputs } = await readStack(stack);
  const read = steps.safeParse(outputs["nextSteps"]);
  if (!read.success) {
    throw new StackError(`the stack ${stack} has no steps yet: deploy it once with "pulumi up --stack ${stack}"`);
  }
  if (read.data.length === 0) return ["Nothing is left to do."];
  const width = String(read.data.length).length;
  return read.data.map((step, index) => `${String(index + 1).padStart(width)}. ${step}`);
}
