import { at, UNKNOWN } from "../model/resource.ts";

/** Limits that an account has unless AWS raises them (API Gateway quotas). A higher limit on a stage limits nothing. */
export const ACCOUNT_LIMITS = { throttlingRateLimit: 10_000, throttlingBurstLimit: 5_000 } as const;

export type Limit = keyof typeof ACCOUNT_LIMITS;
export type Limits = Readonly<Record<Limit, number>>;
const LIMITS = Object.keys(ACCOUNT_LIMITS) as readonly Limit[]; // Object.keys of a literal: exactly its keys

/** The limits in settings, or the bound if a limit is not known yet. */
export const limitsOf = (settings: unknown, bound: Limits): Limits => ({
  throttlingRateLimit: limitOf(settings, "throttlingRateLimit", bound),
  throttlingBurstLimit: limitOf(settings, "throttlingBurstLimit", bound),
});

function limitOf(settings: unknown, limit: Limit, bound: Limits): number {
  const value = at(settings, limit);
  return isLimit(value) && Number(value) <= bound[limit] ? Number(value) : bound[limit];
}

const isLimit = (value: unknown): boolean =>
  (typeof value === "number" || typeof value === "string") && Number(value) > 0;

/** The problems of the limits in settings, which must be positive and at most the bound. */
export function throttleProblems(where: string, settings: unknown, bound: Limits): readonly string[] {
  return LIMITS.flatMap((limit) => {
    const value = at(settings, limit);
    if (value === UNKNOWN) return [];
    if (!isLimit(value))
      return [`${where}.${limit} is not set, so one client can use up the account's limit; set a number`];
    if (Number(value) <= bound[limit]) return [];
    return [`${where}.${limit} is above ${bound[limit]}, so it limits nothing; set at most ${bound[limit]}`];
  });
}
