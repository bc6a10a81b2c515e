/**
 * Reads the values of a repeatable option `--NAME KEY=VALUE`. The last value of a key wins.
 * @throws Error that names the option and the wrong value
 */
export function parseOverrides(option: string, pairs: readonly string[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    if (at < 1) throw new Error(`${option} takes KEY=VALUE, not ${JSON.stringify(pair)}`);
    values.set(pair.slice(0, at), pair.slice(at + 1));
  }
  return values;
}
