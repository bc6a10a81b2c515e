// On Node 20, util.inspect with colours loops for many seconds on stack frames in scoped packages, and Pulumi's runtime
// inspects every error with colours. The runtime copies `util` when it loads, so this file must be preloaded.
import util from "node:util";

const inspect = util.inspect;
util.inspect = Object.assign(
  (value, options, ...rest) =>
    inspect(value, options && typeof options === "object" ? { ...options, colors: false } : options, ...rest),
  inspect,
);
