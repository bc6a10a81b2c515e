// Pulumi's runtime loads the TypeScript compiler and npm's dependency tree when it starts, a second of work on a small
// machine. Only the serialization of functions needs them. From here on the first use of a property loads them.
import Module from "node:module";

const lazy = new Set(["typescript", "@npmcli/arborist"]);
const load = Module._load;

Module._load = (request, parent, isMain) => {
  if (!lazy.has(request) || !/@pulumi[\\/]pulumi[\\/]/.test(parent?.filename ?? ""))
    return load(request, parent, isMain);
  // The flag keeps `__importStar` from copying each property, which would load the module.
  return new Proxy({}, { get: (_, key) => key === "__esModule" || load(request, parent, isMain)[key] });
};
