import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { environmentNames } from "../../lambda/contract.ts";
import { setCommand } from "../config/commands.ts";
import { problemsError, type Problem } from "../config/errors.ts";
import type { TenantConfig } from "../config/keys.ts";
import { variableOf, type StackState } from "../config/stackState.ts";
import { signingKeyProblems, signingKeyWarning } from "./signingKeysInUse.ts";

type Generations = Pick<TenantConfig, "tenant" | "tokenGeneration" | "acceptPreviousToken" | "events">;

const json = z.string().transform((text): unknown => JSON.parse(text));
const tokenHashes = json.pipe(z.array(z.object({ generation: z.number(), reader: z.string().optional() })));

/**
 * Compares the generations with those that the deployed functions use.
 * @param today `2026-11-26`, in UTC
 * @throws UserError if the deployment would refuse every token that is accepted now without having been asked to, or withdraw the
 * public key of events that are signed now or may still wait
 */
export async function checkGenerations(
  config: Generations,
  state: StackState | undefined,
  stack: string,
  today: string,
): Promise<void> {
  if (state === undefined) return;
  const problems = [...tokenProblems(config, state, stack), ...signingKeyProblems(config, state, stack, today)];
  if (problems.length > 0) throw problemsError("Tokens or keys in use would end", problems);
  const warning = signingKeyWarning(config, state);
  if (warning !== undefined) await pulumi.log.warn(warning);
}

function tokenProblems(config: Generations, state: StackState, stack: string): Problem[] {
  const { tenant, tokenGeneration: wanted, acceptPreviousToken } = config;
  const variable = variableOf(state, `${tenant}-function`, environmentNames.tokenHashes);
  if (!acceptPreviousToken || variable === undefined) return [];
  const accepted = tokenHashes.parse(variable).flatMap((hash) => (hash.reader === undefined ? [hash.generation] : []));
  if (accepted.some((one) => one === wanted || one === wanted - 1)) return [];
  const next = Math.max(...accepted) + 1;
  return [
    {
      path: "tokenGeneration",
      wrong: `is ${wanted}, but the service accepts ${named(accepted)} now, which would end: Okta, readers and receivers would get 401`,
      allowed: `${next - 1} or ${next}; any number with acceptPreviousToken false, which ends all tokens that are older`,
      fix: setCommand(["tokenGeneration"], String(next), stack),
    },
  ];
}

const named = (generations: readonly number[]): string =>
  `${generations.length > 1 ? "generations" : "generation"} ${[...generations].sort((one, other) => one - other).join(" and ")}`;
