import process from "node:process";
import * as pulumi from "@pulumi/pulumi";
import { UserError } from "./errors.ts";

/** The exit code of a program that told the person what to do (Pulumi's Node.js language host adds nothing to it). */
const TOLD = 32;

/**
 * Ends the program with the message of a UserError. If the error left the program, Pulumi would print the same message,
 * but also replace the outputs of the stack by empty ones, from which the next deployment reads the groups of this one.
 */
export async function orRefuse<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    await pulumi.log.error(error.message);
    process.exit(TOLD);
  }
}
