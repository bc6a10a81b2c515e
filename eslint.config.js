import eslint from "@eslint/js";
import tseslint from "typescript-eslint";
import { errorClass } from "./.ci/lint/rules/errorClass.js";
import { functionLength } from "./.ci/lint/rules/functionLength.js";

const browserGlobals = [
  "AbortController",
  "document",
  "fetch",
  "history",
  "location",
  "navigator",
  "performance",
  "setInterval",
  "setTimeout",
  "clearTimeout",
  "addEventListener",
  "Element",
  "EventSource",
  "FormData",
  "HTMLElement",
  "MutationObserver",
  "Node",
  "URLSearchParams",
];

export default tseslint.config(
  { ignores: ["**/node_modules/", "**/.program-*/", "**/.tmp-*/"] },
  eslint.configs.recommended,
  {
    plugins: { house: { rules: { "error-class": errorClass, "function-length": functionLength } } },
    rules: {
      eqeqeq: "error",
      "max-lines": ["error", { max: 250 }],
      "house/function-length": ["error", { max: 70 }],
    },
  },
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "house/error-class": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      // Choices of style: `return fail(…)` from a function without a result; a function that fulfils an asynchronous
      // interface and has nothing to wait for; JSON documents that lose keys.
      "@typescript-eslint/no-confusing-void-expression": "off",
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/no-dynamic-delete": "off",
    },
  },
  {
    // The models of Okta's client are classes, but its methods take and give plain objects.
    files: ["operations/live/oktaOrg.ts", "test/sandbox/okta/sdk*.ts"],
    rules: {
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
      "@typescript-eslint/no-misused-spread": "off",
    },
  },
  // A table of cases stays in one file.
  { files: ["test/**/*.{test,long}.ts"], rules: { "max-lines": ["error", { max: 300 }] } },
  { files: ["**/*.{js,mjs}"], languageOptions: { globals: { process: "readonly", console: "readonly" } } },
  { files: ["**/*.cjs"], languageOptions: { globals: { require: "readonly" } } },
  {
    files: ["sandbox/console/page/*.js"],
    languageOptions: { globals: Object.fromEntries(browserGlobals.map((name) => [name, "readonly"])) },
  },
);
