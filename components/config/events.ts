import { z } from "zod";
import { explain } from "./help.ts";
import { pushAddressFaults } from "./pushAddress.ts";
import { reportRepeated, SYSTEM_NAME, systemName } from "./readers.ts";

/** The most receivers: their token hashes have to fit into the 4 KB of a function's environment. */
const MOST_RECEIVERS = 8;
/** `keys` is the last part of another address, and `bus` is the audience of the event bus. */
const TAKEN = ["keys", "bus"];
/** Bytes of a receiver's id. */
export const RECEIVER_ID_BYTES = 4;
/** An id, for sizes. */
export const anyId = "0".repeat(2 * RECEIVER_ID_BYTES);
/** Bytes of the parameter that holds the addresses of all receivers of push (AWS Systems Manager, standard tier). */
const PUSH_TARGETS = 4096;

const pushAddress = z.string().superRefine((text, context) => {
  for (const message of pushAddressFaults(text)) context.addIssue({ code: "custom", message });
});

const delivery = z
  .preprocess(
    (value, context) => {
      if (value === "poll") return {};
      if (value !== null && typeof value === "object" && !Array.isArray(value) && !("push" in value)) {
        context.addIssue({ code: "custom", message: "is neither poll nor {push}", input: value });
      }
      return value;
    },
    z.strictObject({
      push: explain(pushAddress.optional(), {
        meaning: "Address to which the service sends each event (RFC 8935)",
        allowed: "an https URL with a public host, without user, password and fragment",
        example: "https://events.example.com/scim",
        defaultText: "none; the receiver polls",
      }),
      authorization: explain(
        z
          .string()
          .max(1000)
          .regex(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/)
          .optional(),
        {
          meaning: "Whole value of the Authorization header that is sent with each event",
          allowed: "at most 1000 visible ASCII characters, such as Bearer and a token, encrypted in the stack's file",
          secret: true,
        },
      ),
    }),
  )
  .transform(({ push, authorization }) =>
    push === undefined ? ({ kind: "poll" } as const) : ({ kind: "push", url: push, authorization } as const),
  );

const receiver = explain(
  z.strictObject({
    name: explain(
      systemName.refine((name) => !TAKEN.includes(name), `is a word with another meaning: ${TAKEN.join(", ")}`),
      {
        meaning: "Name of a system that is told of every change; if it is one of readers too, its token may also read",
        allowed: `${SYSTEM_NAME}, ${TAKEN.join(" and ")}; each name once`,
        example: "hr-portal",
      },
    ),
    delivery: explain(delivery, {
      meaning: "poll: the receiver asks for events (RFC 8936) with a token of its own; push: the service sends them",
      allowed: "poll or {push, authorization?}",
      example: "poll",
    }),
    mode: explain(z.enum(["notice", "full"]).default("notice"), {
      meaning: "notice names the changed attributes; full carries their values",
      allowed: "notice or full",
      example: "notice",
    }),
  }),
  { meaning: "One system that is told of changes", allowed: "{name, delivery, mode?}" },
);

const named = z.object({ name: z.string() });

const yesOrNo = (meaning: string) =>
  explain(z.boolean().default(false), { meaning, allowed: "true or false", example: "true" });

const settings = z.strictObject({
  receivers: explain(
    z
      .array(receiver)
      .max(MOST_RECEIVERS)
      .superRefine((all, context) => {
        const pushed = all.filter((one) => one.delivery.kind === "push");
        const targets = pushed.map(
          ({ name, delivery: { kind: _, ...target } }) => [`${name}.${anyId}`, target] as const,
        );
        const { length } = JSON.stringify(Object.fromEntries(targets));
        if (length <= PUSH_TARGETS) return;
        const message = `has push addresses and authorizations of ${length} bytes together`;
        context.addIssue({ code: "custom", message });
      })
      // Also where another entry is wrong, so that every problem is reported at once.
      .superRefine(
        (all, context) => {
          const names = all.map((one) => named.safeParse(one).data?.name);
          reportRepeated(names, (index, message) => {
            context.addIssue({ code: "custom", message, path: [index, "name"] });
          });
        },
        { when: ({ value }) => Array.isArray(value) },
      )
      .default([]),
    {
      meaning: "Systems that are told of every change of a user or group",
      allowed: `at most ${MOST_RECEIVERS} receivers, each name once, with at most ${PUSH_TARGETS} bytes of push addresses and authorizations together`,
    },
  ),
  eventBus: yesOrNo("Publish every event to an Amazon EventBridge bus of the stack as well, with full values"),
  signingKey: explain(
    z
      .strictObject({
        generation: explain(z.int().min(1).max(100_000).default(1), {
          meaning:
            "Raise it by one to sign with a new key; the previous public key stays published. A deployment that would withdraw the public key of the present one, or of one whose events may still wait, is refused",
          allowed: "a whole number from 1 to 100000",
          example: "2",
        }),
        announceNext: yesOrNo("Publish the public key of the next generation before it signs"),
      })
      .prefault({}),
    { meaning: "The key that signs the events", allowed: "{generation?, announceNext?}" },
  ),
});

export const events = explain(
  settings.prefault({}).transform((given) => (given.receivers.length === 0 && !given.eventBus ? undefined : given)),
  {
    meaning: "Tells other systems of every change, as signed Security Event Tokens (RFC 9967)",
    allowed: "{receivers?, eventBus?, signingKey?}",
  },
);

/** The change events of a tenant, as its configuration describes them. */
export type Events = NonNullable<z.output<typeof events>>;
export type Receiver = Events["receivers"][number];

/** The names of the receivers that poll, each with a token of its own. */
export const pollingOf = (events: Events | undefined): readonly string[] =>
  (events?.receivers ?? []).filter(({ delivery }) => delivery.kind === "poll").map(({ name }) => name);
