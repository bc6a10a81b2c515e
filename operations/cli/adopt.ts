import process from "node:process";
import { print, required, runCommand, say } from "../live/commandLine.ts";

const usage = `usage: npm run adopt -- --stack NAME --app ID [--base-url URL] [--assignment-group NAME] [--write] [--json]
Reads an integration that was made by hand from the live org, with the credentials that pulumi up uses (the keys okta:* of
Pulumi.NAME.yaml that are not encrypted, and the environment), and the directory, with the token in the environment variable SCIM_TOKEN. It changes nothing. Prints what it found, what stands in the way, the stack file, the file for "pulumi import --file", and the first preview.
  --stack NAME             stack to describe it as
  --app ID                 the app in Okta; its id starts with 0oa
  --base-url URL           SCIM base URL of the directory, which Okta's API does not tell
  --assignment-group NAME  the assigned group that the stack manages, if several are assigned
  --write                  writes Pulumi.NAME.yaml and Pulumi.NAME.import.json, unless something stops the adoption;
                           a Pulumi.NAME.yaml that exists keeps every key, and gets those that are missing
  --json                   one JSON object on stdout
Exit code: 0 nothing stops the adoption, 1 something does, 2 the org could not be read.`;

const options = {
  stack: { type: "string" },
  app: { type: "string" },
  "base-url": { type: "string" },
  "assignment-group": { type: "string" },
  write: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
} as const;

await runCommand({ usage, options, failure: 2 }, async ({ values }) => {
  const stack = required(values.stack, "--stack");
  const appId = required(values.app, "--app");
  const [{ adoptApp }, { TOKEN_VARIABLE }, { oktaAccess, orgSettings }, { oktaOrg }, { ROOT }, file] =
    await Promise.all([
      import("../adopt/adoptApp.ts"),
      import("../adopt/directory.ts"),
      import("../live/credentials.ts"),
      import("../live/oktaOrg.ts"),
      import("../live/stackFile.ts"),
      import("../adopt/writtenFile.ts"),
    ]);
  const settings = file.oktaTexts(await file.readWritten(ROOT, stack));
  const access = oktaAccess(process.env, settings);
  say(`Reading ${access.orgUrl}`);
  const { ok, adoption, directory, commands, lines, written } = await adoptApp(
    oktaOrg(access),
    {
      stack,
      appId,
      baseUrl: values["base-url"],
      token: process.env[TOKEN_VARIABLE],
      assignmentGroup: values["assignment-group"],
      org: orgSettings(process.env, settings),
      root: ROOT,
      write: values.write,
    },
    say,
  );
  if (values.json) print(JSON.stringify({ ok, stack, ...adoption, directory, commands, written }));
  else lines.forEach(print);
  if (written.length > 0) say(`\nWritten: ${written.join(", ")}`);
  else if (values.write) say("\nNothing is written: see what stands in the way.");
  return ok ? 0 : 1;
});
