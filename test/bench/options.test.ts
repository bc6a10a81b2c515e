import { expect, test } from "vitest";
import { operationNames } from "../../bench/operations/names.ts";
import { readOptions, type Options } from "../../bench/options.ts";

function read(...args: string[]): Options {
  const options = readOptions(args);
  if (options === "help") throw new Error("the usage was asked for");
  return options;
}

test("without --only, a quick run measures the everyday parts and a full run all of them", () => {
  expect([...read("--quick").only]).toEqual(["parts", "start", "peer", "burst"]);
  const full = [...read().only];
  expect(full).toEqual(expect.arrayContaining(["parts", "start", "peer", "cost", "program", "events"]));
  expect(read().scale).toBeUndefined();
});

test("--only is repeatable, and names the quick run's parts as well", () => {
  expect([...read("--only", "cost", "--only", "start").only]).toEqual(["cost", "start"]);
  expect([...read("--quick", "--only", "program").only]).toEqual(["program"]);
});

test("--against measures nothing else, or the peer beside it", () => {
  expect([...read("--against", "HEAD").only]).toEqual([]);
  expect([...read("--against", "HEAD", "--only", "peer").only]).toEqual(["peer"]);
  expect(() => read("--against", "HEAD", "--only", "cost")).toThrow(/^--against measures no other part than peer/);
});

test("--operation takes a part of a name in any case, and is refused if no operation has it", () => {
  expect(read("--operation", "find USER", "--operation", "rename").operations).toEqual(["find user", "rename"]);
  expect(() => read("--operation", "drop table")).toThrow(
    `--operation "drop table" is part of no name; the operations are ${operationNames().join(", ")}`,
  );
});

test("every operation has a name of its own", () => {
  const names = operationNames();
  expect(names).toContain("GET user with its 10 groups");
  expect(names).toContain("DELETE group");
  expect(new Set(names).size).toBe(names.length);
});

test("--users and --members choose the directory, with a group of ten beside the named ones", () => {
  expect(read("--users", "3000", "--members", "2000").scale).toEqual({ users: 3_000, groups: [10, 2_000] });
  expect(read("--users", "12000", "--members", "2000", "--members", "10000").large).toEqual({
    users: 12_000,
    groups: [10, 2_000, 10_000],
  });
  expect(() => read("--users", "2000", "--members", "2000")).toThrow("--members must leave 50 people out of the group");
});

test.each([
  ["--samples", "0", "--samples takes a whole number of at least 1"],
  ["--members", "ten", "--members takes a whole number of at least 10"],
  ["--only", "sleep", "--only takes cost, peer, parts, start, program, events, burst, memory"],
])("%s %s is refused", (name, value, message) => {
  expect(() => read(name, value)).toThrow(message);
});
