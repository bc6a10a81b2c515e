// Pulumi's runtime and the providers' SDKs load far more than a program needs when they start, more than a second of work
// on a small machine. From here on the first use of a property loads these modules.
import Module from "node:module";

/** Package that loads → modules, as it requests them, that are loaded on first use. */
const rules = [
  // The serialization of functions, the Automation API, and tracing, which is off without an endpoint.
  [
    /[\\/]@pulumi[\\/]pulumi[\\/]/,
    /^(typescript|@npmcli\/arborist|\.\/automation|@opentelemetry\/(resources|sdk-trace-(base|node)|exporter-zipkin|instrumentation(-grpc)?))$/,
  ],
  // The services of the providers: `aws.lambda`, `okta.app`.
  [/[\\/]@pulumi[\\/](aws|okta)[\\/]index\.js$/, /^\.\/(?!utilities$)[a-z0-9]+$/],
];
const load = Module._load;

Module._load = (request, parent, isMain) => {
  const from = parent?.filename ?? "";
  const isLazy = rules.some(([file, requested]) => requested.test(request) && file.test(from));
  return isLazy ? lazily(() => load(request, parent, isMain)) : load(request, parent, isMain);
};

/** What `open` returns, as soon as something other than TypeScript's `__importStar` looks at it. */
function lazily(open) {
  return new Proxy(
    {},
    {
      get: (_, key) => key === "__esModule" || open()[key],
      has: (_, key) => key in open(),
      ownKeys: () => Reflect.ownKeys(open()),
      getOwnPropertyDescriptor: (_, key) => {
        const found = Reflect.getOwnPropertyDescriptor(open(), key);
        // A property that its target does not have must be configurable.
        return found && { ...found, configurable: true };
      },
    },
  );
}
