import { operations } from "./operations.ts";
import { sweep } from "./sweep.ts";

sweep(operations.filter(({ isLarge }) => !isLarge));
