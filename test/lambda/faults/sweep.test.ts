import { operations } from "../../support/lambda/faults/operations.ts";
import { sweep } from "../../support/lambda/faults/sweep.ts";

/** One of each mechanism; `npm run test:faults` has every operation and every kind of fault. */
const quick = ["PUT user under another name", "POST group of 120", "PATCH adds 3 members", "PATCH removes 120 members"];

sweep(
  operations.filter(({ name }) => quick.includes(name)),
  ["lost"],
);
