export interface RouteMatch<R> {
  readonly route: R;
  /** Values of the path's variables, percent-decoded. */
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * The most specific route for a request, as HTTP APIs choose it: a full match, then the longest greedy match, then
 * `$default`. A route with the method comes before `ANY`.
 * @param path the request's path, still percent-encoded
 */
export function matchRoute<R extends { readonly routeKey: string }>(
  routes: Iterable<R>,
  method: string,
  path: string,
): RouteMatch<R> | undefined {
  let best: { match: RouteMatch<R>; rank: number } | undefined;
  for (const route of routes) {
    const found = rankRoute(route.routeKey, method, path);
    if (found !== undefined && (best === undefined || found.rank > best.rank)) {
      best = { match: { route, parameters: found.parameters }, rank: found.rank };
    }
  }
  return best?.match;
}

function rankRoute(
  routeKey: string,
  method: string,
  path: string,
): { rank: number; parameters: Record<string, string> } | undefined {
  if (routeKey === "$default") return { rank: 0, parameters: {} };
  const [wanted = "", template = ""] = routeKey.split(" ");
  if (wanted !== "ANY" && wanted !== method) return undefined;
  const segments = path.split("/").slice(1);
  const parts = template.split("/").slice(1);
  const parameters: Record<string, string> = {};
  let literals = 0;
  let isGreedy = false;
  for (const [index, part] of parts.entries()) {
    const variable = /^\{(.+?)(\+?)\}$/.exec(part);
    const segment = segments[index];
    if (variable === null) {
      if (segment !== part) return undefined;
      literals += 1;
      continue;
    }
    const isLast = variable[2] === "+";
    const value = isLast ? segments.slice(index).join("/") : segment;
    // A greedy variable matches the empty rest of a path that ends in a slash; no route key may end in one.
    if (value === undefined || (value === "" && !(isLast && index < segments.length))) return undefined;
    parameters[variable[1] ?? ""] = decode(value);
    isGreedy ||= isLast;
    if (isLast) break;
  }
  if (!isGreedy && segments.length !== parts.length) return undefined;
  const rank = 1 + (wanted === "ANY" ? 0 : 1) + 2 * (literals + parts.length * 100) + (isGreedy ? 0 : 1_000_000);
  return { rank, parameters };
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
