import {
  buttonOf,
  confirms,
  deployed,
  isBack,
  keepsFocus,
  opens,
  opensAndLeaves,
  part,
  rowOf,
  says,
  showTab,
  top,
  type Action,
  type Session,
} from "./session.ts";

const org = (session: Session) => part(session, "org");

async function openGroup(session: Session, name: string): Promise<ReturnType<typeof top>> {
  await showTab(session, "org", "Groups");
  return opens(session, rowOf(org(session), name));
}

async function creates(session: Session, name: string): Promise<void> {
  await showTab(session, "org", "Groups");
  const create = buttonOf(org(session), "Create a group…");
  await opensAndLeaves(session, create);
  const dialog = await opens(session, create);
  await session.hand.fill(dialog.getByLabel("Name", { exact: true }), name);
  await session.hand.fill(dialog.getByLabel("Description"), "Made on the page");
  await session.hand.press(buttonOf(dialog, "Create"));
  await isBack(session);
  await rowOf(org(session), name).waitFor();
}

async function unlinks(session: Session, group: string, choice: RegExp): Promise<void> {
  const unlink = buttonOf(await openGroup(session, group), "Unlink…");
  await opensAndLeaves(session, unlink);
  const dialog = await opens(session, unlink);
  await session.hand.check(dialog.getByLabel(choice));
  await session.hand.press(buttonOf(dialog, "Unlink"));
  await says(session, /^Unlinked/);
  await isBack(session);
  await keepsFocus(rowOf(org(session), group));
}

async function addsRule(session: Session, name: string): Promise<void> {
  await showTab(session, "org", "Rules");
  const add = buttonOf(org(session), "Add a rule…");
  await opensAndLeaves(session, add);
  const dialog = await opens(session, add);
  await session.hand.fill(dialog.getByLabel("Rule name"), name);
  await session.hand.fill(dialog.getByLabel("If (Okta expression)"), 'isMemberOfGroupName("Designers")');
  await session.hand.choose(dialog.getByLabel("Then put people in", { exact: true }), "Sales");
  await session.hand.press(buttonOf(dialog, "Add and activate"));
  await isBack(session);
  await rowOf(org(session), name).waitFor();
}

/** Changes a rule, which Okta allows while the rule is not active. */
async function changesRule(session: Session, rule: ReturnType<typeof rowOf>): Promise<void> {
  const { hand } = session;
  await hand.press(buttonOf(await opens(session, rule), "Deactivate"));
  await says(session, "The rule was deactivated");
  await isBack(session);
  const dialog = await opens(session, rule);
  await hand.fill(dialog.getByLabel("Rule name"), "Designers sell");
  await hand.fill(dialog.getByLabel("If (Okta expression)"), 'user.department == "Design"');
  await hand.press(buttonOf(dialog, "Save"));
  await says(session, "The rule was changed");
  await isBack(session);
  await hand.press(buttonOf(await opens(session, rule), "Activate"));
  await says(session, "The rule was activated");
  await isBack(session);
}

export const groups: readonly Action[] = [
  {
    name: "creates a group, pushes it by name, and declares the push",
    run: async (session) => {
      const { hand } = session;
      await creates(session, "Sales");
      await showTab(session, "org", "Push Groups");
      const find = buttonOf(org(session), "Find groups by name…");
      await opensAndLeaves(session, find);
      const dialog = await opens(session, find);
      await hand.fill(dialog.getByLabel("Group", { exact: true }), "Sales");
      await hand.press(buttonOf(dialog, "Push"));
      await isBack(session);
      await confirms(session, buttonOf(org(session), "Declare Sales…"), "Declare and deploy");
      await deployed(session, /pushGroups with/);
    },
  },
  {
    name: "pushes groups by a rule, and removes the rule",
    run: async (session) => {
      const { hand } = session;
      await showTab(session, "org", "Push Groups");
      const find = buttonOf(org(session), "Find groups by rule…");
      await opensAndLeaves(session, find);
      const dialog = await opens(session, find);
      await hand.fill(dialog.getByLabel("Rule name"), "Finance teams");
      await hand.choose(dialog.getByLabel("Group name"), "contains");
      await hand.fill(dialog.getByLabel("Text"), "Finance");
      await hand.press(buttonOf(dialog, "Create rule"));
      await isBack(session);
      await opensAndLeaves(session, rowOf(org(session), "Finance"));
      const remove = buttonOf(org(session), "Remove rule Finance teams");
      await hand.press(remove);
      await remove.waitFor({ state: "detached" });
      await isBack(session);
    },
  },
  {
    name: "pushes a group now, renames one, and looks through its members and its story",
    run: async (session) => {
      const { hand, page } = session;
      const members = await openGroup(session, "iru_endpoint_users");
      await hand.fill(members.getByRole("searchbox"), "clara");
      await members.getByText("1–1 of 1").waitFor();
      await hand.fill(members.getByRole("searchbox"), "");
      await hand.press(members.getByRole("button", { name: /^Next page of / }));
      await members.getByText(/^13–/).waitFor();
      await hand.press(members.getByRole("button", { name: /^Previous page of / }));
      await members.getByText(/^1–12/).waitFor();
      await hand.leave();
      await isBack(session);
      await hand.press(buttonOf(await openGroup(session, "Developers"), "Push now"));
      await says(session, /push/i);
      await isBack(session);
      const dialog = await openGroup(session, "Finance");
      await hand.fill(dialog.getByLabel("Name", { exact: true }), "Treasury");
      await hand.press(buttonOf(dialog, "Rename"));
      await says(session, "The group is called Treasury");
      await isBack(session);
      await hand.press((await openGroup(session, "Treasury")).getByRole("link", { name: "What happened" }));
      await part(session, "story").getByRole("heading", { name: "Treasury" }).and(page.locator(":focus")).waitFor();
    },
  },
  {
    name: "unlinks a group and leaves it in the directory, and a deployment pushes it again",
    run: async (session) => {
      await unlinks(session, "Developers", /^Leave the group/);
      await showTab(session, "org", "Push Groups");
      await session.hand.press(buttonOf(org(session), "Forget it and deploy with refresh"));
      await deployed(session, /up --refresh/);
      await rowOf(org(session), "Developers").waitFor();
      await isBack(session);
    },
  },
  {
    name: "unlinks a group and deletes it in the directory, and the article offers the deployment that pushes it again",
    run: async (session) => {
      await unlinks(session, "Developers", /^Delete the group/);
      await session.page.evaluate(`location.hash = "#article"`);
      await session.hand.press(buttonOf(part(session, "article"), "Forget it and deploy with refresh"));
      await deployed(session, /up --refresh/);
      await isBack(session);
    },
  },
  {
    name: "adds group rules, changes one, and removes them with and without their people",
    run: async (session) => {
      for (const removal of ["Remove with people…", "Remove, people stay…"]) {
        await addsRule(session, "Designers sell");
        const rule = rowOf(org(session), "Designers sell");
        await opensAndLeaves(session, rule);
        if (removal === "Remove, people stay…") await changesRule(session, rule);
        await confirms(session, buttonOf(await opens(session, rule), removal), "Remove rule");
        await isBack(session);
        await rule.waitFor({ state: "detached" });
      }
    },
  },
  {
    name: "deletes the assignment group, and the article offers the deployment with refresh",
    run: async (session) => {
      const dialog = await openGroup(session, "iru_endpoint_users");
      await confirms(session, buttonOf(dialog, "Delete in Okta…"), "Delete group");
      await isBack(session);
      await session.page.evaluate(`location.hash = "#article"`);
      const again = buttonOf(part(session, "article"), "Put it right: deploy with refresh");
      await again.waitFor();
      await session.hand.press(buttonOf(part(session, "article"), "Copy the commands"));
      await says(session, "Copied the commands");
      await session.hand.press(again);
      await deployed(session, "up --refresh");
      await again.waitFor({ state: "hidden" });
      await isBack(session);
    },
  },
];
