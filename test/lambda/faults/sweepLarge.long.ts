import { operations } from "../../support/lambda/faults/operations.ts";
import { sweep } from "../../support/lambda/faults/sweep.ts";

sweep(operations.filter(({ isLarge }) => isLarge));
