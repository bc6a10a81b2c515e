import { z } from "zod";
import { usableConfiguration } from "../../operations/live/tenant.ts";
import type { Tenant } from "../tenant/tenant.ts";
import { overridesAfter, type Deployments, type Edit } from "./deployments.ts";
import { effectsOf, type Situation } from "./effects.ts";
import type { Question } from "./question.ts";

type Place = Pick<Tenant, "org" | "outputs" | "config" | "nextConfig">;

const pushGroups = z.record(z.string(), z.object({ sourceGroupId: z.string(), mappingId: z.string().nullable() }));

/**
 * The questions before a deployment with this edit, whatever started it: compares the configuration that is deployed with
 * the one that the deployment uses, the stack's file included. Empty for a configuration that the program refuses.
 */
export async function changeQuestions(
  tenant: Place,
  { overrides }: Pick<Deployments, "overrides">,
  edit: Edit,
): Promise<readonly Question[]> {
  const before = usableConfiguration(tenant.config.values);
  const after = usableConfiguration((await tenant.nextConfig(overridesAfter(overrides, edit))).values);
  return before === undefined || after === undefined ? [] : effectsOf(before, after, situationOf(tenant));
}

const byLabel = ([a]: [string, unknown], [b]: [string, unknown]): number => a.localeCompare(b, "en");

export function situationOf({ org, outputs }: Place): Situation {
  const appId = String(outputs["oktaAppId"]);
  const pushes = pushGroups.safeParse(outputs["pushGroups"]).data ?? {};
  return {
    people: org.view.deletion(String(outputs["assignmentGroupId"]), appId)?.unassigned ?? 0,
    pushed: Object.entries(pushes)
      .sort(byLabel)
      .flatMap(([label, { sourceGroupId: id, mappingId }]) => {
        if (mappingId === null) return [];
        const now = org.view.group(id, appId)?.name;
        const names = now === undefined || now === label ? [label] : [label, now];
        return [{ id, names, isDeleted: now === undefined }];
      }),
  };
}
