import { defineConfig } from "vitest/config";

/** Suites that take minutes: faults, models, fuzzing. `npm test` has a part of each. */
export default defineConfig({
  test: {
    include: ["test/**/*.long.ts"],
    testTimeout: 30 * 60_000,
    hookTimeout: 30 * 60_000,
    maxWorkers: 2,
    // A busy machine reaches a state late; a test that waits for it must not fail before.
    expect: { poll: { timeout: 60_000 } },
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
  },
});
