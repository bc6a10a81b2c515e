// The function's code as `service.js`, with the milliseconds and the processor time of each request in the header
// `server-timing`. Initialization is over before the quota applies, because Lambda gives it a whole vCPU.
const { writeFileSync } = require("node:fs");
const { performance } = require("node:perf_hooks");
const { join } = require("node:path");
const process = require("node:process");

/* global __dirname -- the file of that name is in the archive only */
const service = require(join(__dirname, "service.js"));
let quota = process.env.BENCH_QUOTA;

exports.handler = async (event, context) => {
  if (quota) writeFileSync(quota, String(process.pid));
  quota = undefined;
  const cpu = process.cpuUsage();
  const started = performance.now();
  const answer = await service.handler(event, context);
  const elapsed = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  const timing = `handler;dur=${elapsed.toFixed(3)}, cpu;dur=${((user + system) / 1000).toFixed(3)}`;
  return { ...answer, headers: { ...answer.headers, "server-timing": timing } };
};
