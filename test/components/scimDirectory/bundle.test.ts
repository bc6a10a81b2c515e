import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { buildSync } from "esbuild";
import { describe, expect, it } from "vitest";
import { bundleOptions, functionEntry } from "../../../components/scimDirectory/bundle.ts";
import { BASE_PATH, environmentNames } from "../../../lambda/contract.ts";

const eventsEntry = functionEntry.replace(/index\.ts$/, "events.ts");

describe.each([
  ["the SCIM function", functionEntry, ["@noble/hashes", "aws4"]],
  ["the functions of the change events", eventsEntry, ["@noble/hashes", "aws4", "ipaddr.js"]],
])("the bundle of %s", (_, entry, expected) => {
  const { metafile, outputFiles } = buildSync({ ...bundleOptions(entry), metafile: true });

  it("holds of npm's packages only those that it needs", () => {
    const packages = Object.keys(metafile.inputs).flatMap(
      (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [],
    );
    expect([...new Set(packages)].sort()).toEqual(expected);
  });

  it("loads no module of the network at its start, but only those that an address needs", () => {
    const [{ text } = { text: "" }] = outputFiles;
    const imported = [...text.matchAll(/require\("(?:node:)?([^"]+)"\)/g)].map(([, name]) => name);
    expect(imported).not.toEqual([]);
    expect(imported.filter((name) => /^(https?|net|tls|dns)$/.test(name ?? ""))).toEqual([]);
  });
});

it("answers for a discovery document with neither cryptography nor network of Node.js", () => {
  const [{ text } = { text: "" }] = buildSync(bundleOptions(functionEntry)).outputFiles;
  const event = {
    rawPath: `${BASE_PATH}/ServiceProviderConfig`,
    rawQueryString: "",
    headers: { authorization: "Bearer a-token-of-this-test" },
    requestContext: { requestId: "r1", http: { method: "GET" } },
  };
  const ask = `;module.exports.handler(${JSON.stringify(event)}, { getRemainingTimeInMillis: () => 29000, functionName: "f" })
    .then(({ statusCode }) => {
      const loaded = process.moduleLoadList.filter((name) => /^NativeModule (crypto|http|https|net|tls)$/.test(name));
      require("node:fs").writeSync(2, JSON.stringify({ statusCode, loaded }));
    });`;
  const sha256 = createHash("sha256").update("a-token-of-this-test").digest("hex");
  const { tableName, baseUrl, tokenHashes, attributes } = environmentNames;
  const { stderr } = spawnSync(process.execPath, ["--eval", "eval(require('fs').readFileSync(0, 'utf8'))"], {
    input: `${text}${ask}`,
    encoding: "utf8",
    env: {
      AWS_REGION: "us-east-1",
      [tableName]: "directory",
      [baseUrl]: `https://scim.example.com${BASE_PATH}`,
      [tokenHashes]: JSON.stringify([{ generation: 1, sha256 }]),
      [attributes]: JSON.stringify("standard"),
    },
  });
  expect(JSON.parse(stderr)).toEqual({ statusCode: 200, loaded: [] });
});
