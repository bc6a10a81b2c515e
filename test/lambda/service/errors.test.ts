import { describe, expect, it } from "vitest";
import { AbsentError, BusyError, StaleError, TakenError, TooLargeError } from "../../../lambda/directory/errors.ts";
import { respondError } from "../../../lambda/http/message.ts";
import { toScimError } from "../../../lambda/service/errors.ts";

const id = "0f0e0d0c-0000-4000-8000-000000000000";

describe("an error of the directory is answered as a SCIM error", () => {
  it.each([
    [new AbsentError("User", id), 404, undefined, `User ${id} does not exist. It may have been deleted.`],
    [
      new TakenError("Group", "displayName", 'The "A" team'),
      409,
      "uniqueness",
      'Another group has the displayName "The \\"A\\" team" (compared without case).',
    ],
    [
      new StaleError("7"),
      412,
      undefined,
      'The resource changed: its version is W/"7". Read it again before you change it.',
    ],
    [new TooLargeError(390_000), 413, undefined, "The resource is larger than 390 kB. Send fewer or shorter values."],
    [
      new BusyError(3),
      429,
      undefined,
      "The directory is busy with other changes. Nothing is lost: send the request again. Request id: r1",
    ],
  ])("%s", (error, status, scimType, detail) => {
    const { body, ...answer } = respondError(toScimError(error), "r1");
    expect(answer.status).toBe(status);
    expect(answer).not.toHaveProperty("failure");
    expect(JSON.parse(body ?? "")).toEqual({
      schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
      status: String(status),
      ...(scimType && { scimType }),
      detail,
    });
    expect(answer.headers["retry-after"]).toBe(error instanceof BusyError ? "3" : undefined);
  });

  it("quotes no more than 100 characters of an id", () => {
    const { body } = respondError(toScimError(new AbsentError("User", "x".repeat(3_000))), "r1");
    expect(body).toContain(`"User ${"x".repeat(100)} does not exist.`);
  });

  it("carries the cause of a busy directory", () => {
    const cause = new Error("throttled");
    expect(new BusyError(2, { cause })).toMatchObject({ name: "BusyError", cause });
  });
});
