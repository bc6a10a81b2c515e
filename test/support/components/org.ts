export interface OrgGroup {
  readonly id: string;
  readonly name: string;
  readonly type: string;
}

/** The groups of the org that the program's tests run against. */
export const orgGroups: readonly OrgGroup[] = [
  { id: "00gEveryone", name: "Everyone", type: "BUILT_IN" },
  { id: "00gDevelopers", name: "Developers", type: "OKTA_GROUP" },
  // The groups that the first push of Developers brought into the org.
  { id: "00gPushedDevelopers", name: "Developers", type: "APP_GROUP" },
  { id: "00gDesigners", name: "Designers", type: "OKTA_GROUP" },
  { id: "00gFinance", name: "Finance", type: "OKTA_GROUP" },
  { id: "00gTwinA", name: "Twin", type: "OKTA_GROUP" },
  { id: "00gTwinB", name: "Twin", type: "OKTA_GROUP" },
  { id: "00gWorkday", name: "Workday people", type: "APP_GROUP" },
  ...Array.from({ length: 60 }, (_, index) => ({ id: `00gTeam${index}`, name: `Team ${index}`, type: "OKTA_GROUP" })),
];

/** Okta's search, as far as the program uses it: one comparison, without regard to case. */
export function searchGroups(groups: readonly OrgGroup[], search: unknown): readonly OrgGroup[] {
  const [, property, operator, quoted] = /^(\S+) (\S+) (".*")$/.exec(String(search)) ?? [];
  const wanted = String(JSON.parse(quoted ?? '""')).toLowerCase();
  return groups.filter((group) => {
    const value = (property === "id" ? group.id : group.name).toLowerCase();
    if (operator === "eq") return value === wanted;
    return operator === "sw" ? value.startsWith(wanted) : value.includes(wanted);
  });
}

export const allFeatures = ["PUSH_NEW_USERS", "PUSH_PROFILE_UPDATES", "PUSH_USER_DEACTIVATION", "GROUP_PUSH"];
