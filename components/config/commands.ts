/** Writes `pulumi config` commands that can be pasted into a shell. */

/** The stack that the commands name; without one they act on the stack that is selected. */
export type StackName = string | undefined;

const option = (stack: StackName): string => (stack === undefined ? "" : ` --stack ${shellWord(stack)}`);

/** The text as one word of a POSIX shell. */
function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The path of a value as `pulumi config --path` takes it: `pushGroups[0].name`. */
export const configPath = (path: readonly PropertyKey[]): string =>
  path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`))
    .join("");

const target = (path: readonly PropertyKey[]): string =>
  path.length === 1 ? shellWord(configPath(path)) : `--path ${shellWord(configPath(path))}`;

/** Sets one value. */
export const setCommand = (path: readonly PropertyKey[], value: string, stack: StackName): string =>
  `pulumi config set${option(stack)} ${target(path)} ${shellWord(value)}`;

/** Sets one encrypted value; the CLI asks for it. */
export const setSecretCommand = (path: readonly PropertyKey[], stack: StackName): string =>
  `pulumi config set${option(stack)} --secret ${target(path)}`;

/** Removes one value. */
export const removeCommand = (path: readonly PropertyKey[], stack: StackName): string =>
  `pulumi config rm${option(stack)} ${target(path)}`;
