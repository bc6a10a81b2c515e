// Runs a command written in TypeScript: `node sandbox/cli/launch.mjs FILE [options]`. Checks the version of Node.js
// before it loads anything that needs that version. This file must run on every version of Node.js.
import { readFileSync } from "node:fs";
import { URL, pathToFileURL } from "node:url";

const { engines } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
const numbers = (text) => text.match(/\d+/g).map(Number);
const [major, minor] = numbers(process.versions.node);
const [leastMajor, leastMinor = 0] = numbers(engines.node);

if (major < leastMajor || (major === leastMajor && minor < leastMinor)) {
  console.error(
    `error: Node.js ${process.versions.node} is too old. This project needs Node.js ${leastMajor}.${leastMinor} or later. ` +
      `Install a newer version (https://nodejs.org, or "nvm install" in this folder), then run "npm ci" again.`,
  );
  process.exit(1);
}

const file = process.argv.splice(2, 1)[0];
process.argv[1] = file;
const { register } = await import("tsx/esm/api");
register();
await import(pathToFileURL(file).href);
