import { z } from "zod";

/** The outputs that a stack has only with change events. */
export const eventOutputs = z.object({
  /** The `iss` of the events. */
  eventIssuer: z.string(),
  /** Address of the JWKS. */
  eventKeys: z.string(),
  /** By the receiver's name. A receiver of push has neither address nor token. */
  eventReceivers: z.record(z.string(), z.object({ pollUrl: z.string().optional(), token: z.string().optional() })),
});
