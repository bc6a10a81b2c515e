// Runs one function, one request at a time: argv is the module's file, the name of its handler and, as JSON, its access
// to the sandbox's internet.
// Talks over IPC: {kind:"invoke", event, context, deadline} in; {kind:"ready"|"answer"|"failure", …} out, each with the
// resident memory in bytes and the processor time in microseconds that the process has used so far.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [file, name, internet] = process.argv.slice(2);
if (internet) {
  const { useInternet } = await import("./functionNetwork.mjs");
  useInternet(JSON.parse(internet));
}
const send = (message) => {
  const { user, system } = process.cpuUsage();
  process.send?.({ ...message, rss: process.memoryUsage.rss(), cpu: user + system });
};
const failure = (error) => ({
  kind: "failure",
  errorType: error?.name ?? "Error",
  errorMessage: error instanceof Error ? error.message : String(error),
});

process.on("disconnect", () => process.exit(0));

let handler;
try {
  // Lambda's runtime requires a file that is not an ES module.
  const module = file.endsWith(".mjs") ? await import(pathToFileURL(file).href) : createRequire(file)(file);
  handler = module[name] ?? module.default?.[name];
  if (typeof handler !== "function") {
    throw Object.assign(new Error(`${name} is undefined or not exported`), { name: "Runtime.HandlerNotFound" });
  }
  process.on("message", invoke);
  send({ kind: "ready" });
} catch (error) {
  console.error(error);
  send(failure(error));
}

async function invoke({ event, context, deadline }) {
  try {
    const answer = await handler(JSON.parse(event), {
      ...context,
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    });
    send({ kind: "answer", payload: JSON.stringify(answer) ?? "null" });
  } catch (error) {
    console.error(error);
    send(failure(error));
  }
}
