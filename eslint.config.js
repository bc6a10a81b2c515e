import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["node_modules/"] },
  eslint.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      eqeqeq: "error",
    },
  },
  { files: ["**/*.{js,mjs}"], languageOptions: { globals: { process: "readonly", console: "readonly" } } },
  {
    files: ["sandbox/console/page/*.js"],
    languageOptions: {
      globals: Object.fromEntries(
        [
          "AbortController",
          "document",
          "fetch",
          "location",
          "navigator",
          "performance",
          "setTimeout",
          "clearTimeout",
          "addEventListener",
          "EventSource",
          "FormData",
          "Node",
          "URLSearchParams",
        ].map((name) => [name, "readonly"]),
      ),
    },
  },
);
