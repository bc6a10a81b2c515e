import { populate } from "../operations/directory.ts";
import type { Request } from "../measure/measure.ts";
import { adding, groupMaker, groupOf, removing } from "../operations/requests.ts";
import type { Ours } from "../contenders/ours.ts";

/** The measured requests, for the sample of a number. */
export interface Filled {
  readonly getUser: (at: number) => Request;
  /** Adds a member to a group of ten, and removes it again with the next number. */
  readonly patchGroup: (at: number) => Request;
  readonly getList: (at: number) => Request;
  /** The whole list, with another last member than that of the number before. */
  readonly putList: (at: number) => Request;
}

/** Creates people, a group of ten of them, and a group of `members`. */
export async function fill(ours: Ours, members: number, progress: (text: string) => void): Promise<Filled> {
  const populated = await populate(ours, members + 10, progress);
  const { people } = populated;
  const newGroup = groupMaker(populated);
  const small = `/Groups/${await newGroup(people.slice(0, 10))}`;
  const large = `/Groups/${await newGroup([])}`;
  progress(`a group of ${members} members`);
  await ours.send({ method: "PUT", path: large, body: groupOf("Large", people.slice(0, members)) });
  const others = people.slice(members);
  const guest = others.slice(0, 1);
  return {
    getUser: (at) => ({ method: "GET", path: `/Users/${people[at % people.length] ?? ""}` }),
    patchGroup: (at) => ({ method: "PATCH", path: small, body: at % 2 === 0 ? adding(guest) : removing(guest) }),
    getList: () => ({ method: "GET", path: large }),
    putList: (at) => {
      const last = others[at % others.length] ?? "";
      return { method: "PUT", path: large, body: groupOf("Large", [...people.slice(0, members - 1), last]) };
    },
  };
}
