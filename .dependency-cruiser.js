/**
 * Which room of the house may import which (CONTRIBUTING.md, "Where things live"). A room that is not in the table may
 * import nothing but itself and packages. Type imports count. Circles between folders: `.ci/lint/folderCircles.ts`.
 */

const contract = "^lambda/(contract|model)\\.ts$";
/** Functions that know neither the protocol nor the storage. */
const tools = "^lambda/(bearerToken|concurrency|defined|folding|nodeCrypto|once)\\.ts$";

/** @type {readonly { room: string, from: string, may: readonly string[] }[]} */
const table = [
  { room: "index.ts", from: "^index\\.ts$", may: ["^components/"] },
  {
    room: "components/config",
    from: "^components/config/",
    may: ["^components/config/", "^lambda/scim/schema/"],
  },
  {
    room: "components/scimDirectory",
    from: "^components/scimDirectory/",
    may: ["^components/(scimDirectory|config)/", "^lambda/contract\\.ts$"],
  },
  {
    room: "components/oktaIntegration",
    from: "^components/oktaIntegration/",
    may: ["^components/(oktaIntegration|config)/", "^lambda/scim/schema/"],
  },
  { room: "lambda", from: "^lambda/", may: ["^lambda/"] },
  // Inside lambda/: http → service → { query, scim, directory } → model.
  { room: "lambda/http", from: "^lambda/http/", may: ["^lambda/(http|service|query|scim)/", contract, tools] },
  {
    room: "lambda/service",
    from: "^lambda/service/",
    may: ["^lambda/(service|query|scim|directory)/", contract, tools],
  },
  { room: "lambda/query", from: "^lambda/query/", may: ["^lambda/(query|scim)/", contract, tools] },
  { room: "lambda/scim", from: "^lambda/scim/", may: ["^lambda/scim/", "^lambda/model\\.ts$", tools] },
  { room: "lambda/directory", from: "^lambda/directory/", may: ["^lambda/(directory|aws)/", contract, tools] },
  { room: "lambda/aws", from: "^lambda/aws/", may: ["^lambda/aws/"] },
  { room: "lambda/events", from: "^lambda/events/", may: ["^lambda/(events|scim|directory)/", contract, tools] },
  // The contract's tables are files of their own.
  {
    room: "lambda/contract.ts",
    from: "^lambda/(contract|table|feedTable|accessPatterns)\\.ts$",
    may: ["^lambda/(model|table|feedTable|accessPatterns)\\.ts$"],
  },
  { room: "lambda/handler", from: "^lambda/handler/", may: ["^lambda/"] },
  { room: "lambda/model.ts", from: "^lambda/model\\.ts$", may: [] },
  { room: "lambda's tools", from: tools, may: [tools] },
  // Only a comparison with the declared tenant needs the Okta half.
  {
    room: "operations/verify, operations/adopt",
    from: "^operations/(verify|adopt)/",
    may: ["^operations/", "^components/(config|oktaIntegration)/"],
  },
  {
    room: "operations",
    from: "^operations/(?!verify/|adopt/)",
    may: ["^operations/", "^components/config/"],
  },
  { room: "sandbox", from: "^sandbox/", may: ["^sandbox/", "^operations/(verify|live|events)/"] },
  { room: "policy", from: "^policy/", may: ["^policy/"] },
  { room: "bench", from: "^bench/", may: ["^(bench|sandbox|lambda)/", "^operations/events/"] },
  { room: "docs", from: "^docs/", may: ["^docs/"] },
  {
    room: ".ci",
    from: "^\\.ci/",
    may: ["^\\.ci/", "^\\.dependency-cruiser\\.js$", "^operations/live/commandLine\\.ts$"],
  },
];

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    ...table.map(({ room, from, may }) => ({
      name: `house: ${room}`,
      comment: `${room} may import ${may.length === 0 ? "nothing" : may.join(", ")}`,
      severity: /** @type {const} */ ("error"),
      from: { path: from },
      to: { pathNot: [...may], dependencyTypes: /** @type {const} */ (["local"]) },
    })),
    {
      name: "house: no such room",
      comment: "the table of .dependency-cruiser.js does not have this folder: add its row, or move the file",
      severity: "error",
      from: {
        pathNot: [...table.map(({ from }) => from).filter((from) => from !== "^lambda/"), "^test/", "^[^/]+$"],
      },
      to: {},
    },
    {
      name: "house: cli",
      comment: "a command is an edge: only another file of its cli/ imports it",
      severity: "error",
      from: { pathNot: ["^(sandbox|operations)/cli/", "^test/"] },
      to: { path: "^(sandbox|operations)/cli/" },
    },
    {
      name: "no circle of files",
      comment: "move what both need into a file that imports neither",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "import resolves",
      comment: "the file or the package must exist",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: ["^(express|scimmy|scimmy-routers)$"] },
    },
    {
      name: "product imports dependencies",
      comment: "`npm ci --omit=dev` must be enough to deploy: move the package to dependencies",
      severity: "error",
      from: { path: "^(index\\.ts|components/|lambda/|operations/)" },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"], dependencyTypesNot: ["type-only"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)\\.(program|tmp)-" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    preserveSymlinks: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
