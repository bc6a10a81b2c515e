// Pulumi's runtime takes a stack trace of each promise, for a debugging mode that the sandbox never switches on, and maps
// every frame of it to its source: a tenth of a program's time. Those traces stay empty from here on.
let prepare;

Object.defineProperty(Error, "prepareStackTrace", {
  configurable: true,
  get: () => prepare && lean,
  set: (other) => {
    prepare = other;
  },
});

const lean = (error, frames) => (frames[0]?.getFunctionName() === "debuggablePromise" ? "" : prepare(error, frames));
