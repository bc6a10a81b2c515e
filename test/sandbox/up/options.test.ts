import { expect, it } from "vitest";
import { parseUpOptions } from "../../../sandbox/up/options.ts";

it("shows secrets only if npm run up is asked for them", () => {
  expect(parseUpOptions([])).toMatchObject({ showSecrets: false });
  expect(parseUpOptions(["--show-secrets"])).toMatchObject({ showSecrets: true });
});
