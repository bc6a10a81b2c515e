import { z } from "zod";

const listResponse = z.object({ totalResults: z.number(), Resources: z.array(z.unknown()).default([]) });
const user = z.object({
  id: z.string(),
  userName: z.string(),
  active: z.boolean().optional(),
  displayName: z.string().optional(),
});
const group = z.object({
  id: z.string(),
  displayName: z.string(),
  members: z.array(z.object({ value: z.string() })).default([]),
});

export interface DirectoryView {
  readonly users: readonly z.infer<typeof user>[];
  readonly groups: readonly z.infer<typeof group>[];
}

/** Reads the directory as a SCIM client does, page by page. */
export async function readDirectory(baseUrl: string, token: string): Promise<DirectoryView> {
  const all = async (path: string): Promise<unknown[]> => {
    const resources: unknown[] = [];
    for (;;) {
      const url = `${baseUrl}/${path}?startIndex=${resources.length + 1}&count=100`;
      const response = await fetch(url, {
        headers: { authorization: `Bearer ${token}`, accept: "application/scim+json" },
      });
      if (!response.ok) throw new Error(`GET ${path} answered ${response.status}: ${await response.text()}`);
      const page = listResponse.parse(await response.json());
      resources.push(...page.Resources);
      if (page.Resources.length === 0 || resources.length >= page.totalResults) return resources;
    }
  };
  return { users: z.array(user).parse(await all("Users")), groups: z.array(group).parse(await all("Groups")) };
}
