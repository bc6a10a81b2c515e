import { parseArgs } from "node:util";
import { benchDirectory, type Scale } from "./directory.ts";
import { table, violations, type Row } from "./rows.ts";
import { startService } from "./service.ts";

const usage = `usage: npm run bench -- [options]
  --json        one JSON object a row on stdout
  --users N     people of the large directory (100000)
  --members N   members of its large group (half of the people)
  --check       fail with exit code 1 where a bound does not hold`;

/** The directory beside which the large one is held: its operations must cost the same. */
const SMALL: Scale = { users: 100, members: 10 };

function readOptions(args: readonly string[]): { json: boolean; check: boolean; large: Scale } {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
      users: { type: "string", default: "100000" },
      members: { type: "string" },
    },
  });
  const number = (name: string, text: string, least: number): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least) throw new Error(`--${name} takes a whole number from ${least}`);
    return value;
  };
  const users = number("users", values.users, SMALL.users);
  const members = number("members", values.members ?? String(Math.floor(users / 2)), SMALL.members);
  // Operations on the group need people who are not in it.
  if (members + SMALL.users / 2 > users)
    throw new Error(`--members must leave ${SMALL.users / 2} people out of the group`);
  return { json: values.json, check: values.check, large: { users, members } };
}

async function main(): Promise<number> {
  let options: ReturnType<typeof readOptions>;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n\n${usage}\n`);
    return 2;
  }
  const rows: Row[] = [];
  const emit = (more: readonly Row[]): void => {
    rows.push(...more);
    if (options.json) for (const one of more) process.stdout.write(`${JSON.stringify(one)}\n`);
  };
  for (const scale of [SMALL, options.large]) {
    const service = await startService();
    try {
      emit(await benchDirectory(service, scale, (text) => process.stderr.write(`  ${text}\n`)));
    } finally {
      await service.close();
    }
  }
  if (!options.json) process.stdout.write(`${table(rows)}\n`);
  const broken = violations(rows);
  for (const { name, users, size, unit, ours, bound } of broken) {
    process.stderr.write(
      `past its bound: ${name}, ${size} of ${users ?? size}: ${ours} ${unit}, allowed ${bound ?? ""}\n`,
    );
  }
  return options.check && broken.length > 0 ? 1 : 0;
}

process.exitCode = await main();
