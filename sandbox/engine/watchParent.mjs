import { setInterval } from "node:timers";

// Ends the program if the process that started it is gone, because a killed process cannot end its children.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, "SIGKILL");
}, 500).unref();
