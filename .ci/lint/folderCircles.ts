import { dirname } from "node:path";

/** A file and a file that it imports. */
export type Import = readonly [from: string, to: string];

export interface FolderCircle {
  /** The folders that reach each other, in order of name. */
  readonly folders: readonly string[];
  /** One import for each edge between them. */
  readonly imports: readonly Import[];
}

/**
 * The circles between folders: strongly connected components of more than one folder (Tarjan). A file belongs to the
 * folder that contains it and to none above. A file directly in `lambda/` counts as a folder of its own.
 * dependency-cruiser's rules of scope "folder" also count a file for each folder above it, and so miss a folder that
 * imports in a circle with its parent.
 */
export function folderCircles(imports: readonly Import[]): FolderCircle[] {
  const graph = new Map<string, Map<string, Import>>();
  const edges = (folder: string) =>
    graph.get(folder) ?? graph.set(folder, new Map()).get(folder) ?? new Map<string, Import>();
  for (const [from, to] of imports) {
    const [source, target] = [folderOf(from), folderOf(to)];
    if (source !== target) edges(source).set(target, edges(source).get(target) ?? [from, to]);
  }
  return connected(graph)
    .filter((folders) => folders.length > 1)
    .map((folders) => ({
      folders: folders.toSorted(),
      imports: folders.flatMap((folder) =>
        [...edges(folder)].filter(([to]) => folders.includes(to)).map(([, one]) => one),
      ),
    }));
}

/** `lambda/` holds files that its rooms share, and the function that joins the rooms: each is a folder of its own. */
function folderOf(file: string): string {
  const folder = dirname(file);
  return folder === "lambda" ? file : folder;
}

/** The strongly connected components of a graph, by Tarjan's algorithm. */
function connected(graph: ReadonlyMap<string, ReadonlyMap<string, unknown>>): string[][] {
  const found: string[][] = [];
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const visit = (node: string): number => {
    const own = index.size;
    index.set(node, own);
    let lowest = own;
    stack.push(node);
    for (const next of graph.get(node)?.keys() ?? []) {
      if (!index.has(next)) lowest = Math.min(lowest, visit(next));
      else if (stack.includes(next)) lowest = Math.min(lowest, low.get(next) ?? index.get(next) ?? lowest);
    }
    low.set(node, lowest);
    if (lowest === own) found.push(stack.splice(stack.indexOf(node)));
    return lowest;
  };
  for (const node of graph.keys()) if (!index.has(node)) visit(node);
  return found;
}
