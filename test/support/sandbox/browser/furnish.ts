import { z } from "zod";
import { eventually } from "../../e2e/support.ts";
import { act, first, lengthenOutage } from "./places.ts";

const groupOf = (url: string, name: string): ReturnType<typeof first> => first(url, "groups", name);
const groups = z.object({ items: z.array(z.object({ displayName: z.string() })) });
const isInDirectory = async (url: string, name: string): Promise<boolean> =>
  groups
    .parse(await (await fetch(new URL(`api/directory/groups?search=${name}`, url))).json())
    .items.some(({ displayName }) => displayName === name);

/**
 * Gives every place something to show: drift of both kinds, a push rule, a failed job, a person without access, and a
 * token of which Okta has the newest.
 */
export async function furnish(url: string): Promise<void> {
  await act(url, { action: "rotateToken" });
  await act(url, { action: "changeToken" });
  await act(url, { action: "createGroup", name: "Sales" });
  await act(url, { action: "linkGroup", name: "Sales" });
  await act(url, { action: "addPushRule", name: "Finance teams", match: "startsWith", text: "Fin" });
  const mapping = (await groupOf(url, "Designers")).push?.id;
  await act(url, { action: "unlinkGroup", mapping, deleteTargetGroup: false });
  // The outage fails the job of one person alone.
  for (const name of ["Sales", "Finance"]) await eventually(() => isInDirectory(url, name), Boolean);
  await lengthenOutage(url);
  const groupIds = [(await groupOf(url, "Developers")).id];
  const person = { firstName: "Late", lastName: "Comer", login: "late.comer@example.com" };
  await act(url, { action: "hire", ...person, groupIds });
  const tasks = z.object({ tasks: z.object({ total: z.number() }) });
  const waiting = async (): Promise<number> =>
    tasks.parse(await (await fetch(new URL("api/tenant", url))).json()).tasks.total;
  await eventually(waiting, (total) => total > 0);
  await act(url, { action: "restoreNetwork" });
  await act(url, { action: "setLifecycle", user: (await first(url, "people", "hannah.weiss")).id, step: "deactivate" });
}
