import type { Created, ResourceHandler } from "./provider.ts";

/** Finds the resource that the option `import` names. @throws Error if there is none */
export async function takeOver(handler: ResourceHandler, id: string): Promise<Created> {
  const found = await handler.import?.(id);
  if (found === undefined) throw new Error(`there is no resource with the id ${id} to import`);
  return found;
}
