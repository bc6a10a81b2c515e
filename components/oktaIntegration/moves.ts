import { sameName } from "../config/pushGroupRules.ts";
import type { LastMapping } from "./lastDeployment.ts";
import { groupById } from "./orgGroups.ts";

/** A group to push, as far as it matters which group of the directory it fills. */
export interface Filling {
  readonly key: string;
  readonly label: string;
  readonly groupId: string | undefined;
  /** The name that the configuration gives the group of the directory. */
  readonly targetName: string | undefined;
  /** The name of the group that it fills. */
  readonly target: string;
}

/** How this deployment treats the mapping of a group. */
export type PushPlan =
  /** It is declared. `replaces` is the key of a mapping that fills its target until now, `after` of those that free it. */
  | { readonly kind: "push"; readonly replaces: string | undefined; readonly after: readonly string[] }
  /** The target is not free yet. `own` says what becomes of the mapping that the group has. */
  | { readonly kind: "wait"; readonly for: string | undefined; readonly own: "none" | "stays" | "released" };

/** A mapping of a group that is not pushed any more and whose target another group fills next. */
export interface ReleasedMapping {
  readonly key: string;
  readonly sourceGroupId: string;
  readonly sourceExists: boolean;
}

export interface Moves {
  readonly plans: ReadonlyMap<string, PushPlan>;
  readonly released: readonly ReleasedMapping[];
  /** The next steps of a person. */
  readonly notices: readonly string[];
}

/** A mapping whose target a group fills next. */
interface Move {
  readonly mapping: LastMapping;
  readonly taker: Filling;
  readonly owner: Filling | undefined;
}

/**
 * Moves a group of the directory from one group of Okta to another without deleting it. The provider deletes a mapping
 * as the state has it, and with the group of the directory unless the state says otherwise. So a move takes two
 * deployments: the first one writes into the state that the group stays, the second one unlinks the old mapping and then
 * links the new one, because it is unknown whether Okta lets two mappings fill one group.
 */
export async function planMoves(
  fillings: readonly Filling[],
  mappings: readonly LastMapping[],
  stack: string,
): Promise<Moves> {
  const moves = await findMoves(fillings, mappings);
  const isPrepared = moves.every(({ mapping }) => mapping.keepsTarget);
  if (moves.length > 0 && !isPrepared) return prepare(fillings, mappings, moves, stack);
  const plans = fillings.map(({ key }): [string, PushPlan] => {
    const move = moves.find(({ taker }) => taker.key === key);
    const replaces = move !== undefined && move.owner === undefined ? move.mapping.key : undefined;
    return [key, { kind: "push", replaces, after: move?.owner === undefined ? [] : [move.owner.key] }];
  });
  return { plans: new Map(plans), released: [], notices: [] };
}

async function findMoves(fillings: readonly Filling[], mappings: readonly LastMapping[]): Promise<Move[]> {
  const ownerOf = ({ sourceGroupId, key }: LastMapping): Filling | undefined =>
    fillings.find((filling) => filling.groupId === sourceGroupId || filling.key === key);
  const owned = mappings.map((mapping) => ({ mapping, owner: ownerOf(mapping) }));
  const isChanged = (filling: Filling): boolean => {
    const own = owned.find(({ owner }) => owner === filling)?.mapping;
    return own === undefined || own.targetName !== filling.targetName;
  };
  const takers = fillings.filter(isChanged);
  const loose = owned.filter(({ owner }) => owner === undefined || isChanged(owner));
  if (takers.length === 0 || loose.length === 0) return [];
  const targets = await Promise.all(loose.map(({ mapping }) => groupById(mapping.targetGroupId)));
  return loose.flatMap(({ mapping, owner }, index): Move[] => {
    const name = targets[index]?.name;
    const taker = takers.find((one) => one !== owner && name !== undefined && sameName(one.target, name));
    return taker === undefined ? [] : [{ mapping, taker, owner }];
  });
}

async function prepare(
  fillings: readonly Filling[],
  mappings: readonly LastMapping[],
  moves: readonly Move[],
  stack: string,
): Promise<Moves> {
  const isMoved = (filling: Filling): boolean =>
    moves.some(({ owner, taker }) => owner === filling || taker === filling);
  const plans = fillings.map((filling): [string, PushPlan] => {
    if (!isMoved(filling)) return [filling.key, { kind: "push", replaces: undefined, after: [] }];
    const own = mappings.find(({ key, sourceGroupId }) => key === filling.key || sourceGroupId === filling.groupId);
    const isReleased = moves.some(({ owner }) => owner === filling);
    return [
      filling.key,
      {
        kind: "wait",
        for: moves.find(({ taker }) => taker === filling)?.mapping.key,
        own: own === undefined ? "none" : isReleased ? "released" : "stays",
      },
    ];
  });
  const orphans = moves.filter(({ owner }) => owner === undefined);
  const released = await Promise.all(
    orphans.map(async ({ mapping: { key, sourceGroupId } }) => ({
      ...{ key, sourceGroupId },
      sourceExists: (await groupById(sourceGroupId)) !== undefined,
    })),
  );
  const notices = moves.map(
    ({ taker, mapping }) =>
      `Run "pulumi up --stack ${stack}" once more: ${JSON.stringify(taker.label)} (${taker.groupId ?? "a new group"}) then fills the group ${JSON.stringify(taker.target)} of the directory, which ${mapping.sourceGroupId} filled until now. It takes two deployments, so that the directory keeps the group.`,
  );
  return { plans: new Map(plans), released, notices };
}
