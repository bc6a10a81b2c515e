import type { Change, DeploymentEvent, DeploymentStage } from "../tenant/deploymentEvents.ts";

const STAGES: Readonly<Record<DeploymentStage, string>> = {
  refresh: "Read org and cloud",
  program: "Run the program and change the resources",
  provisioning: "Okta assigns people and pushes groups",
};

type Progress = "waiting" | "running" | "done" | "failed";
/** A stage that the failure of an earlier one prevented is `notReached`. */
type StageProgress = Progress | "notReached";

/** A resource that a deployment changes. */
export interface ResourceProgress {
  readonly op: Change["op"];
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly state: Progress;
}

/** A deployment as the page shows it, while it runs and afterwards until the next one. */
export interface DeploymentView {
  /** 1, 2, 3, … since the start of the tenant. */
  readonly id: number;
  readonly title: string;
  readonly startedBy: Starter;
  /** ISO 8601 */
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly state: Exclude<Progress, "waiting">;
  readonly stages: readonly { readonly name: string; readonly state: StageProgress }[];
  /** In the order of their beginning. */
  readonly changes: readonly ResourceProgress[];
  readonly unchanged: number;
  /** Why the deployment failed, with its lines, as `pulumi up` prints it. */
  readonly message?: string;
}

export type Starter = "page" | "npm run up";

export interface DeploymentLog {
  readonly view: DeploymentView;
  tell(event: DeploymentEvent): void;
  /** @param message why the deployment failed; undefined if it succeeded */
  end(message?: string): void;
}

interface Beginning extends Pick<DeploymentView, "id" | "title" | "startedBy"> {
  readonly refresh: boolean;
}

/** Keeps what a deployment says while it runs. @param now the time in milliseconds since 1970 */
export function createDeploymentLog({ refresh, ...begun }: Beginning, now: () => number = Date.now): DeploymentLog {
  const order: DeploymentStage[] = [...(refresh ? (["refresh"] as const) : []), "program", "provisioning"];
  const startedAt = timestamp(now());
  const changes = new Map<string, ResourceProgress>();
  const unchanged = new Set<string>();
  let stage = -1;
  let ending: Pick<DeploymentView, "endedAt" | "message"> = {};

  const stateOf = (): DeploymentView["state"] => {
    if (ending.endedAt === undefined) return "running";
    return ending.message === undefined ? "done" : "failed";
  };
  const stageState = (index: number): StageProgress => {
    if (index > stage) return ending.message === undefined ? "waiting" : "notReached";
    return index < stage ? "done" : stateOf();
  };
  return {
    get view() {
      return {
        ...begun,
        startedAt,
        ...ending,
        state: stateOf(),
        stages: order.map((name, index) => ({ name: STAGES[name], state: stageState(index) })),
        changes: [...changes.values()],
        unchanged: unchanged.size,
      };
    },
    tell: (event) => {
      if (event.kind === "stage") stage = order.indexOf(event.stage);
      else if (event.kind === "unchanged") unchanged.add(event.urn);
      else if (event.kind === "change") {
        // The engine also tells of the deletion of the old resource of a replacement.
        if (event.op !== "delete" || !changes.has(event.urn)) changes.set(event.urn, begin(event));
      } else {
        const change = changes.get(event.urn);
        if (change?.state === "running") changes.set(event.urn, { ...change, state: event.failed ? "failed" : "done" });
      }
    },
    end: (message) => {
      ending = { endedAt: timestamp(now()), ...(message === undefined ? {} : { message }) };
      for (const [urn, change] of changes)
        if (change.state === "running")
          changes.set(urn, { ...change, state: message === undefined ? "done" : "failed" });
    },
  };
}

const timestamp = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** The engine tells of a deletion after the provider has done it. */
function begin({ op, urn }: Change): ResourceProgress {
  const [, , types = "", ...name] = urn.split("::");
  const type = types.split("$").at(-1) ?? "";
  return { op, urn, type, name: name.join("::"), state: op === "delete" ? "done" : "running" };
}
