import process from "node:process";
import { serveLanguageHost } from "./languageHost.ts";

/**
 * `pulumi-language-nodejs ENGINE`: prints the port on the first line of stdout, then serves until the engine ends it.
 */
const engine = process.argv.at(-1) ?? "";
const { port, close } = await serveLanguageHost(engine);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => (close(), process.exit(0)));
process.stdout.write(`${port}\n`);
