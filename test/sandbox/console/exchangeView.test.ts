import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { createSummarizer, toCurl } from "../../../sandbox/console/exchangeView.ts";
import { traceLine } from "../../../sandbox/console/traceLine.ts";
import type { Exchange } from "../../../sandbox/okta/index.ts";

const exchange = (over: Partial<Exchange>): Exchange => ({
  id: 1,
  at: "2026-01-02T03:04:05.678Z",
  appId: "0oa1",
  method: "POST",
  url: "http://127.0.0.1:8480/api/v1/scim/Users",
  requestHeaders: { Accept: "application/scim+json", Authorization: "[secret]" },
  status: 201,
  responseHeaders: {},
  ms: 12,
  ...over,
});

test("a curl command repeats the request in a shell, whatever a name contains", () => {
  const requestBody = { userName: `o'connor"$(touch x)\`y\`\\@example.com` };
  const command = toCurl(exchange({ requestBody }), undefined);
  const printed = execFileSync("sh", ["-c", command.replace(/^curl/, "printf '%s\\n'")], {
    encoding: "utf8",
    env: { ...process.env, SCIM_AUTHORIZATION: "Bearer t" },
  });
  expect(printed.split("\n")).toContain(JSON.stringify(requestBody));
  expect(printed.split("\n")).toContain("Authorization: Bearer t");
});

test.each([`o/b'"<x>@example.com`, `Ops/<b>"x"' & co`, "back\\\\slash"])(
  "the name of a search is whole: %s",
  (name) => {
    const filter = encodeURIComponent(`userName eq ${JSON.stringify(name)}`);
    const url = `http://h/Users?filter=${filter}`;
    const { what } = createSummarizer()(exchange({ method: "GET", url, responseBody: { Resources: [] } }), undefined);
    expect(what).toBe(`look for person ${name}`);
  },
);

test("an exchange is described in words, with the known name of the id", () => {
  const summarize = createSummarizer();
  summarize(exchange({ url: "http://h/Groups", responseBody: { id: "g1", displayName: "Developers" } }), undefined);
  const url = "http://h/Groups/g1";
  const words = (over: Partial<Exchange>): string => summarize(exchange({ url, ...over }), undefined).what;
  const Operations = [{ op: "add", path: "members", value: [{ value: "1" }, { value: "2" }] }];
  expect(words({ method: "PATCH", requestBody: { Operations } })).toBe("add 2 members to group Developers");
  expect(words({ method: "PUT", requestBody: { members: [{ value: "1" }] } })).toBe("set 1 member of group Developers");
  expect(words({ method: "DELETE", status: 204 })).toBe("delete group Developers");
});

test("only a lookup with a 404 has not failed", () => {
  const failed = (over: Partial<Exchange>): boolean => createSummarizer()(exchange(over), undefined).failed;
  expect(failed({ method: "GET", status: 404 })).toBe(false);
  expect(failed({ method: "PUT", status: 404 })).toBe(true);
  expect(failed({ status: 0 })).toBe(true);
});

test("a line of the trace shows time, answer, latency and cost, and no name can move the cursor", () => {
  const cost = { requests: 3, readUnits: 1.5, writeUnits: 4 };
  const line = traceLine(exchange({ requestBody: { userName: "a\u001b[2Jb" } }), cost, false);
  expect(line).toBe(
    "  03:04:05.678  POST   201    12 ms  create person a\ufffd[2Jb  /Users  [3 requests, 1.5 RCU, 4 WCU]",
  );
});

test.each([
  ["a failure", "red", { status: 500 }, "31", "39"],
  ["a failed read", "red", { method: "GET", status: 500 }, "31", "39"],
  ["a read", "dim", { method: "GET", status: 200 }, "2", "22"],
  ["a change", "green", {}, "32", "39"],
])("on a terminal %s is %s, and only the method and the answer are styled", (_, _style, over, open, close) => {
  const coloured = traceLine(exchange(over), undefined, true);
  const plain = traceLine(exchange(over), undefined, false);
  const answer = plain.slice(16, 26);
  expect(answer).toMatch(/^(GET|POST) +\d{3}$/);
  expect(coloured).toBe(plain.replace(answer, `\u001b[${open}m${answer}\u001b[${close}m`));
});
