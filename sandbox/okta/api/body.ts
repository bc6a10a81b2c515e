import { z } from "zod";
import { invalid } from "../org/errors.ts";
import type { Json } from "../org/model.ts";

export const json = z.record(z.string(), z.unknown());

/** Reads a request's body. @throws ApiError E0000001 that names each wrong field */
export function readBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const causes = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "body"}: ${message}`);
  throw invalid(parsed.error.issues[0]?.path.join(".") ?? "body", ...causes);
}

export const asJson = (value: unknown): Json => {
  const parsed = json.safeParse(value);
  return parsed.success ? parsed.data : {};
};
