import { compileFilter, matches } from "../../lambda/scim/filter/index.ts";
import { readPatch } from "../../lambda/scim/patch/index.ts";
import { compileRegistry } from "../../lambda/scim/schema/index.ts";
import { EVALUATED, FILTERS, groupOf, MEMBER_PATCH, PEOPLE, USER_PATCH, type Parts } from "./samples.ts";
import { serve } from "./serve.ts";

const { user, group } = compileRegistry("standard");
const filter = compileFilter(user, EVALUATED);

/** The result for the directory is a change of members, without reading the list. */
const patchGroup = (size: number): (() => number) => {
  const { displayName } = groupOf(size);
  return () => {
    const patch = readPatch(group, MEMBER_PATCH);
    patch.apply({ displayName });
    return patch.members?.kind === "delta" ? patch.members.add.size : 0;
  };
};

const parts: Parts = {
  parse: () => FILTERS.map((text) => compileFilter(user, text)).length,
  evaluate: () => PEOPLE.filter((person) => matches(filter, person)).length,
  patchUser: () => (Object.keys(readPatch(user, USER_PATCH).apply(PEOPLE[0] ?? {})).includes("title") ? 1 : 0),
  patchGroup10: patchGroup(10),
  patchGroup1000: patchGroup(1_000),
  patchGroup10000: patchGroup(10_000),
};
serve(parts);
