import process from "node:process";
import { required, runCommand, say, UsageError } from "../live/commandLine.ts";

const usage = `usage: npm run events -- --receiver NAME --stack NAME [--follow | --no-ack] [--json]
       npm run events -- --receiver NAME --sandbox [--stack NAME] [--follow | --no-ack] [--json]
Polls the change events of a receiver, checks their signatures, prints them, and acknowledges what it printed.
  --receiver NAME  a receiver of the key events with delivery "poll"
  --stack NAME     the tenant
  --sandbox        the tenant that "npm start" runs in this checkout
  --follow         waits for further events until Ctrl-C
  --no-ack         acknowledges nothing: shows the oldest events, at most 100, and leaves them to the receiver
  --json           prints the claims of each event as one line of JSON
Whoever acknowledges an event takes it from the receiver: use --no-ack to look at a feed that a system reads.
Exit code: 0 done, 1 an event is not signed by the tenant, 2 the events could not be read or written.`;

const options = {
  receiver: { type: "string" },
  stack: { type: "string" },
  sandbox: { type: "boolean", default: false },
  follow: { type: "boolean", default: false },
  "no-ack": { type: "boolean", default: false },
  json: { type: "boolean", default: false },
} as const;

await runCommand({ usage, options, failure: 2 }, async ({ values }) => {
  const receiver = required(values.receiver, "--receiver");
  const stack = values.sandbox ? values.stack : required(values.stack, "--stack");
  if (values.follow && values["no-ack"])
    throw new UsageError(
      "--follow needs acknowledgements: the feed gives its oldest events until they are acknowledged",
    );
  const { outputTo } = await import("../events/output.ts");
  const { showEvents } = await import("../events/showEvents.ts");
  const options = { follow: values.follow, acknowledge: !values["no-ack"], json: values.json };
  return showEvents({ receiver, stack, sandbox: values.sandbox }, options, outputTo(process.stdout, say));
});
