import { buttonOf, confirms, isBack, opens, part, rowOf, says, showTab, type Action, type Session } from "./session.ts";

const org = (session: Session) => part(session, "org");

async function openGroup(session: Session, name: string): Promise<ReturnType<typeof org>> {
  await showTab(session, "org", "Groups");
  return opens(session, rowOf(org(session), name));
}

async function switches(session: Session, button: string, answer: string): Promise<void> {
  await session.hand.press(buttonOf(await openGroup(session, "Designers"), button));
  await says(session, answer);
  await isBack(session);
}

async function assigns(session: Session, group: string): Promise<void> {
  await confirms(session, buttonOf(await openGroup(session, group), "Assign to the app…"), "Assign");
  await says(session, "The group is assigned to the app");
  await isBack(session);
}

/** What a person does by hand beside the configuration, and takes back by hand. */
export const drift: readonly Action[] = [
  {
    name: "deactivates the push of a group by hand, and activates it again",
    run: async (session) => {
      await switches(session, "Deactivate group push", "Okta no longer pushes changes of the group");
      await switches(session, "Activate group push", "Okta pushes the group again");
    },
  },
  {
    name: "assigns a group by hand, and removes the assignment at the group and as drift",
    run: async (session) => {
      await assigns(session, "Treasury");
      const remove = buttonOf(await openGroup(session, "Treasury"), "Remove assignment…");
      await confirms(session, remove, "Remove assignment");
      await says(session, "The assignment was removed");
      await isBack(session);
      await assigns(session, "Treasury");
      const drifted = buttonOf(org(session), "Remove the assignment…");
      await confirms(session, drifted, "Remove assignment");
      await drifted.waitFor({ state: "detached" });
      await isBack(session);
    },
  },
];
