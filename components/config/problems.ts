import type { z } from "zod";
import { configPath, removeCommand, setCommand, setSecretCommand, type StackName } from "./commands.ts";
import type { Problem } from "./errors.ts";
import { helpAt, type Help } from "./help.ts";
import { schemas, type Key } from "./keys.ts";

/** The problems of one key, from zod's issues with its value. */
export function problemsOf(
  key: Key,
  path: readonly PropertyKey[],
  issues: readonly z.core.$ZodIssue[],
  stack: StackName,
): Problem[] {
  // A misspelt key explains why a required one of the same object is absent: one problem, not two.
  const misspelt = new Set(issues.filter(({ code }) => code === "unrecognized_keys").map(placeOf));
  const relevant = issues.filter((issue) => issue.code !== "custom" || !misspelt.has(placeOf(issue)));
  return relevant.map((issue) => problemOf(key, [...path, ...issue.path], issue, stack));
}

const placeOf = ({ path }: z.core.$ZodIssue): string => JSON.stringify(path);

function problemOf(key: Key, path: readonly PropertyKey[], issue: z.core.$ZodIssue, stack: StackName): Problem {
  const help = helpAt(schemas[key], path.slice(1));
  const absent = issue.code === "invalid_type" && issue.message.includes("received undefined");
  const wrong = absent && path.length === 1 ? "is required and not set" : sentence(issue);
  return { path: configPath(path), wrong, allowed: help.allowed, fix: fixOf(path, issue, help, stack) };
}

/**
 * A command that makes the value valid, with the example of its help. Without an example, the command removes the
 * value.
 */
function fixOf(path: readonly PropertyKey[], issue: z.core.$ZodIssue, help: Help, stack: StackName): string {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((name) => removeCommand([...path, name], stack)).join(" && ");
  }
  if (help.secret) return setSecretCommand(path, stack);
  if (issue.path.length > 0 && issue.code === "custom" && issue.path.at(-1) !== path.at(-1)) {
    return removeCommand(path, stack);
  }
  return help.example === undefined ? removeCommand(path, stack) : setCommand(path, help.example, stack);
}

function sentence(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "unrecognized_keys":
      return `has the unknown ${issue.keys.length === 1 ? "key" : "keys"} ${issue.keys.join(", ")}`;
    case "invalid_type":
      return issue.message.includes("received undefined") ? "is missing" : `is not ${article(issue.expected)}`;
    case "invalid_value":
    case "invalid_union":
      return issue.message.startsWith("Invalid") ? "is not one of the allowed values" : issue.message;
    case "invalid_format":
      return "has the wrong form";
    case "too_small":
      return issue.origin === "string" ? "is empty" : `is too small (at least ${issue.minimum})`;
    case "too_big":
      return issue.origin === "string"
        ? `is too long (at most ${issue.maximum} characters)`
        : issue.origin === "array"
          ? `has too many entries (at most ${issue.maximum})`
          : `is too large (at most ${issue.maximum})`;
    default:
      return issue.message;
  }
}

const names: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "true or false",
  int: "a whole number",
  number: "a number",
  object: "an object",
  string: "a text",
};

const article = (expected: string): string => names[expected] ?? `of type ${expected}`;
