// The same parts of scimmy, without a server.
import SCIMMY from "scimmy";
import { EVALUATED, FILTERS, groupOf, MEMBER_PATCH, PEOPLE, USER_PATCH } from "../parts/samples.ts";
import { serve } from "../parts/serve.ts";

const { Filter } = SCIMMY.Types;
const { PatchOp } = SCIMMY.Messages;
const { User, Group } = SCIMMY.Schemas;

const filter = new Filter(EVALUATED);
const user = new User({ id: "1", ...PEOPLE[0] });
const patchGroup = (size) => {
  const group = new Group({ id: "1", ...groupOf(size) });
  return async () => {
    const changed = await new PatchOp(MEMBER_PATCH).apply(group);
    return changed.members.length - size;
  };
};

serve({
  parse: () => FILTERS.filter((text) => new Filter(text)).length,
  evaluate: () => filter.match(PEOPLE).length,
  patchUser: async () => ("title" in (await new PatchOp(USER_PATCH).apply(user)) ? 1 : 0),
  patchGroup10: patchGroup(10),
  patchGroup1000: patchGroup(1_000),
  patchGroup10000: patchGroup(10_000),
});
