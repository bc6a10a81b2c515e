import { expect, test } from "vitest";
import { median, percentile, spreadOf } from "../../bench/measure/measure.ts";
import { row, table, violations } from "../../bench/measure/rows.ts";

test("a row has the ratio to the peer, and that of another commit beside it", () => {
  expect(row({ name: "GET user", size: 10, unit: "ms cpu", ours: 1, peer: 2, before: 3 })).toEqual({
    ...{ name: "GET user", size: 10, unit: "ms cpu" },
    ...{ ours: 1, peer: 2, ratio: 0.5, before: 3, ratioBefore: 1.5 },
  });
});

test("without a peer there is no ratio, and a number has four digits", () => {
  const { peer, ratio, ours } = row({ name: "GET user", size: 10, unit: "ms cpu", ours: 1.234567 });
  expect([peer, ratio, ours]).toEqual([null, null, 1.235]);
});

test("the table shows each operation once, with both ratios", () => {
  const common = { name: "GET user", size: 10, users: 100 };
  const text = table([
    row({ ...common, unit: "requests", ours: 1, bound: 2 }),
    row({ ...common, unit: "ms cpu", ours: 1, peer: 2, before: 3 }),
  ]);
  expect(text.split("\n").map((line) => line.split(/ {2,}/))).toEqual([
    ["operation", "users", "size", "requests", "ms cpu", "peak MB"],
    ["GET user", "100", "10", "1 ≤ 2", "1 (0.5 of 2, before 1.5)"],
  ]);
});

test("a counted number past its bound fails a check, a slow one does not", () => {
  const counted = row({ name: "GET user", size: 10, unit: "requests", ours: 3, bound: 2 });
  const timed = row({ name: "GET user", size: 10, unit: "ms cpu", ours: 3, peer: 1, ratioBound: 2 });
  expect(violations([counted, timed])).toEqual({
    counted: ["GET user, 10: 3 requests, at most 2 allowed"],
    timed: ["GET user, 10: 3 times the ms cpu that it is compared with, at most 2 allowed"],
  });
});

test("numbers that must not grow with the size are compared over all sizes", () => {
  const of = (size: number, ours: number) => row({ name: "rename", size, unit: "write units", ours, flatWithin: 1.1 });
  expect(violations([of(10, 10), of(1_000, 11)]).counted).toEqual([]);
  expect(violations([of(10, 10), of(1_000, 12)]).counted).toEqual([
    "rename: write units from 10 to 12, where a factor of 1.1 is allowed",
  ]);
});

test("percentiles are samples, by the nearest rank", () => {
  expect([percentile([4, 1, 3, 2], 0.5), percentile([4, 1, 3, 2], 0.99), median([9])]).toEqual([2, 4, 9]);
  expect(spreadOf([1, 2, 3, 4], [1, 1, 1, 1])).toEqual([1, 3]);
});
