import type { NewTenant, Wishes } from "./newTenant.ts";

/** Asks a person one question. An empty answer accepts the proposal. */
export type Ask = (question: string, proposal: string) => Promise<string>;

/**
 * The questions for a new tenant.
 * @param propose the tenant that follows from the answers so far
 */
export async function askWishes(propose: (wishes: Wishes) => NewTenant, ask: Ask): Promise<Wishes> {
  const url = await ask("Base URL of a directory that exists already (none: one is made on AWS)", "");
  const where: Wishes = url === "" ? {} : { external: url };
  const { file, config } = propose(where);
  const region = file.config["aws:region"];
  const answers: Wishes = {
    ...where,
    region: typeof region === "string" ? await ask("AWS region", region) : undefined,
    label: await ask("Label of the app in Okta", config.app.label ?? ""),
    assignmentGroup: await ask("Assignment group, which the stack makes", config.assignmentGroup),
  };
  const push = await ask("Okta groups to push, separated by commas", "");
  return { ...answers, push: push.split(",").flatMap((name) => (name.trim() === "" ? [] : [name.trim()])) };
}
