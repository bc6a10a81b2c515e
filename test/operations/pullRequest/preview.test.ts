import { describe, expect, test } from "vitest";
import { errorsOf, type EngineEvent } from "../../../operations/fleet/engineRun.ts";
import { nextStepsOf } from "../../../operations/pullRequest/preview.ts";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const stackEvent = (outputs: Record<string, unknown>): EngineEvent => ({
  resOutputsEvent: { metadata: { type: "pulumi:pulumi:Stack", new: { outputs } } },
});

describe("what a preview tells", () => {
  test("the next steps are those of the stack, and unknown where only up knows them", () => {
    const nextSteps = ["Open Applications.", `Base URL: ${UNKNOWN}`, UNKNOWN];
    expect(nextStepsOf(stackEvent({ nextSteps }))).toEqual(["Open Applications.", undefined, undefined]);
    expect(nextStepsOf(stackEvent({ nextSteps: UNKNOWN }))).toEqual([undefined]);
    expect(nextStepsOf(stackEvent({}))).toEqual([]);
    expect(nextStepsOf({})).toBeUndefined();
  });

  test("it fails by errors and by mandatory policies, in words without colours", () => {
    expect(errorsOf({ diagnosticEvent: { severity: "error", message: "<{%fg 1%}>no group<{%reset%}>\n" } })).toEqual([
      "no group",
    ]);
    expect(errorsOf({ diagnosticEvent: { severity: "warning", message: "late" } })).toEqual([]);
    const policyEvent = { policyName: "api-throttled", message: "no limit", resourceUrn: "urn:stage" };
    expect(errorsOf({ policyEvent: { ...policyEvent, enforcementLevel: "mandatory" } })).toEqual([
      "api-throttled: no limit (urn:stage)",
    ]);
    expect(errorsOf({ policyEvent: { ...policyEvent, enforcementLevel: "advisory" } })).toEqual([]);
  });
});
