import { setInterval } from "node:timers";

// Ends the program when the process that started it is gone, killed without a chance to end its children.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, "SIGKILL");
}, 500).unref();
