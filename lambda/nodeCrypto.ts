import { once } from "./once.ts";

/** `node:crypto`, loaded with its first use: it takes 3.4 ms of a start, and discovery documents do without it. */
export const nodeCrypto = once(() => process.getBuiltinModule("node:crypto"));
