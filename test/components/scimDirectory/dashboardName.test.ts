import { expect, it } from "vitest";
import { dashboardNameOf } from "../../../components/scimDirectory/dashboard.ts";

it.each([
  ["prod", "acme-prod"],
  ["acme.prod", "acme-acme-prod"],
  ["a_b-c.d.e", "acme-a_b-c-d-e"],
])("names the dashboard of the stack %s with characters that CloudWatch accepts: %s", (stack, expected) => {
  expect(dashboardNameOf("acme", stack)).toBe(expected);
});
