import { defineConfig } from "vitest/config";

/** Suites that take minutes: faults, models, fuzzing. `npm test` has a part of each. */
export default defineConfig({
  test: {
    include: ["test/**/*.long.ts"],
    testTimeout: 30 * 60_000,
    hookTimeout: 30 * 60_000,
    maxWorkers: 2,
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
  },
});
