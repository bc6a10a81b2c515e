import { z } from "zod";
import type { Properties } from "../../engine/provider.ts";

/** Declared inputs as the schema types them. @throws Error that names every wrong input */
export function readInputs<T extends z.ZodType>(schema: T, inputs: Properties): z.infer<T> {
  const parsed = schema.safeParse(inputs);
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  return parsed.data;
}
