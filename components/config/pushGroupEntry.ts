import { z } from "zod";
import { explain } from "./help.ts";

/** A group's name as in Okta. Leading and trailing blanks are part of it. */
export const groupName = z.string().max(255).regex(/\S/);

/** Part of a group's name. A blank at its end is part of it; blanks alone would match every group. */
const pattern = groupName;

const selectors = ["name", "id", "startsWith", "contains"] as const;

/** One entry of `pushGroups`. A text is short for `{name: text}`. */
export const pushGroupEntry = explain(
  z.preprocess(
    (value) => (typeof value === "string" ? { name: value } : value),
    z
      .strictObject({
        name: explain(groupName.optional(), {
          meaning: "The group with exactly this name",
          allowed: "the name of an Okta group, 1 to 255 characters, spelled as in Okta",
          example: "Developers",
        }),
        id: explain(
          z
            .string()
            .regex(/^00g[A-Za-z0-9]+$/)
            .optional(),
          {
            meaning: "The group with this id",
            allowed: "an Okta group id, which starts with 00g: copy it from the address of the group's page",
            example: "00g1emaKYZTWRYYRRTSK",
          },
        ),
        startsWith: explain(pattern.optional(), {
          meaning: "Every group whose name starts with this text, without regard to case; resolved at each deployment",
          allowed: "the start of a group's name, 1 to 255 characters",
          example: "Team ",
        }),
        contains: explain(pattern.optional(), {
          meaning: "Every group whose name contains this text, without regard to case; resolved at each deployment",
          allowed: "a part of a group's name, 1 to 255 characters",
          example: "engineering",
        }),
        create: explain(z.boolean().default(false), {
          meaning: "The stack creates the group",
          allowed: "true or false; true with name only",
          example: "true",
        }),
        targetName: explain(groupName.optional(), {
          meaning: "Name of the group in the directory",
          allowed: "a name of 1 to 255 characters; with name or id only, because it names one group",
          example: "Engineering",
          defaultText: "the name in Okta",
        }),
        keepTargetOnDelete: explain(z.boolean().default(false), {
          meaning: "The group stays in the directory after the entry is removed",
          allowed: "true or false",
          example: "true",
        }),
        status: explain(z.enum(["ACTIVE", "INACTIVE"]).default("ACTIVE"), {
          meaning: "INACTIVE pauses the push",
          allowed: "ACTIVE or INACTIVE",
          example: "INACTIVE",
        }),
      })
      .superRefine((entry, context) => {
        const fail = (message: string, ...path: string[]): void => context.addIssue({ code: "custom", message, path });
        const given = selectors.filter((key) => entry[key] !== undefined);
        if (given.length === 0) fail("has none of name, id, startsWith, contains");
        if (given.length > 1) fail(`has ${given.join(" and ")}, of which only one may be set`);
        if (entry.create && entry.name === undefined) fail("needs a name: the stack has to name the group", "create");
        if (entry.targetName !== undefined && (entry.startsWith !== undefined || entry.contains !== undefined)) {
          fail("would give one name to every group that the pattern matches", "targetName");
        }
      }),
  ),
  {
    meaning: "One group, or every group that a pattern matches; a text is the name of one group",
    allowed: "a group name, or an object with exactly one of name, id, startsWith, contains",
    example: "Developers",
  },
);

export type PushGroupEntry = z.output<typeof pushGroupEntry>;
