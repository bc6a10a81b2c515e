import process from "node:process";
import { z } from "zod";
import { callTenant, findTenant } from "../../operations/live/localTenant.ts";
import { createReport, type Report } from "../start/report.ts";
import { messageOf } from "../support/errors.ts";
import type { UpOptions } from "./options.ts";

const result = z.object({
  ok: z.boolean(),
  error: z.string().optional(),
  outputs: z.record(z.string(), z.unknown()),
  changes: z.array(z.object({ op: z.enum(["create", "update", "replace", "delete"]), urn: z.string() })),
});
type Result = z.infer<typeof result>;

const marks: Readonly<Record<Result["changes"][number]["op"], string>> = {
  create: "+ created",
  update: "~ updated",
  replace: "± replaced",
  delete: "- deleted",
};

/** Asks the running tenant for another deployment and prints the changes. @returns the exit code */
export async function runUp({ stack, config, refresh, showSecrets, json }: UpOptions): Promise<number> {
  const report = createReport(json ? process.stderr : process.stdout);
  const answer = await deploy(stack, { config: Object.fromEntries(config), refresh, showSecrets }, report);
  show(answer, report);
  if (json) process.stdout.write(`${JSON.stringify(answer)}\n`);
  return answer.ok ? 0 : 1;
}

async function deploy(stack: string | undefined, body: object, report: Report): Promise<Result> {
  try {
    const tenant = await findTenant(stack);
    report.heading(`Deploying ${tenant.stack}`);
    return result.parse(await callTenant(tenant, "POST", "up", body));
  } catch (error) {
    return { ok: false, error: messageOf(error), outputs: {}, changes: [] };
  }
}

function show({ ok, error, outputs, changes }: Result, report: Report): void {
  for (const { op, urn } of changes) report.row(marks[op], labelOf(urn));
  if (!ok) {
    report.error(error ?? "the deployment failed");
    return;
  }
  if (changes.length === 0) report.line("  Nothing changed");
  report.heading("Outputs");
  for (const [name, value] of Object.entries(outputs)) {
    if (name !== "nextSteps") report.row(name, typeof value === "string" ? value : JSON.stringify(value));
  }
  const steps = Array.isArray(outputs["nextSteps"]) ? outputs["nextSteps"].map(String) : [];
  if (steps.length === 0) return;
  report.heading("Next steps");
  steps.forEach((step, index) => report.line(`  ${String(index + 1).padStart(2)}. ${step}`));
}

/** `okta:group/rule:Rule dev-rule` of `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`. */
function labelOf(urn: string): string {
  const [, , types = "", ...name] = urn.split("::");
  return `${types.split("$").at(-1) ?? ""} ${name.join("::")}`;
}
