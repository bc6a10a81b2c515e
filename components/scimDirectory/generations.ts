import { z } from "zod";
import { environmentNames } from "../../lambda/contract.ts";
import { setCommand } from "../config/commands.ts";
import { problemsError, type Problem } from "../config/errors.ts";
import type { TenantConfig } from "../config/keys.ts";
import type { StackState } from "../config/stackState.ts";

type Generations = Pick<TenantConfig, "tenant" | "tokenGeneration" | "acceptPreviousToken" | "events">;

const json = z.string().transform((text): unknown => JSON.parse(text));
const tokenHashes = json.pipe(z.array(z.object({ generation: z.number(), reader: z.string().optional() })));
const signingKeys = json.pipe(z.array(z.object({ keyArn: z.string().optional() })));
const withEnvironment = z.object({ environment: z.object({ variables: z.record(z.string(), z.string()) }) });
const withArn = z.object({ arn: z.string() });

/**
 * Compares the generations with those that the deployed functions use.
 * @throws UserError if the deployment would refuse every token that is accepted now without having been asked to, or withdraw the
 * public key of the events that are signed now
 */
export function checkGenerations(config: Generations, state: StackState | undefined, stack: string): void {
  if (state === undefined) return;
  const problems = [...tokenProblems(config, state, stack), ...signingKeyProblems(config, state, stack)];
  if (problems.length > 0) throw problemsError("Tokens or keys in use would end", problems);
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

function signingKeyProblems({ tenant, events }: Generations, state: StackState, stack: string): Problem[] {
  const variable = variableOf(state, `${tenant}-events-publish`, environmentNames.signingKeys);
  if (events === undefined || variable === undefined) return [];
  const arns = signingKeys.parse(variable).flatMap(({ keyArn }) => keyArn ?? []);
  const start = `${tenant}-events-signing-`;
  const key = state.resources.find(
    ({ type, outputs }) => type === "aws:kms/key:Key" && arns.includes(withArn.safeParse(outputs).data?.arn ?? ""),
  );
  const signs = Number(key?.name.startsWith(start) ? key.name.slice(start.length) : undefined);
  const { generation, announceNext } = events.signingKey;
  const published = [generation - 1, generation, ...(announceNext ? [generation + 1] : [])];
  if (Number.isNaN(signs) || published.includes(signs)) return [];
  return [
    {
      path: "events.signingKey.generation",
      wrong: `is ${generation}, but generation ${signs} signs now, and its public key would be withdrawn: receivers could not verify the events that wait`,
      allowed: `${signs} or ${signs + 1}`,
      fix: setCommand(["events", "signingKey", "generation"], String(signs + 1), stack),
    },
  ];
}

/** A variable of a function, as it is deployed. */
function variableOf({ resources }: StackState, name: string, variable: string): string | undefined {
  const fn = resources.find((one) => one.type === "aws:lambda/function:Function" && one.name === name);
  return withEnvironment.safeParse(fn?.outputs).data?.environment.variables[variable];
}
