import { buildSync } from "esbuild";
import { describe, expect, it } from "vitest";
import { bundleOptions, functionEntry } from "../../../components/scimDirectory/bundle.ts";

const eventsEntry = functionEntry.replace(/index\.ts$/, "events.ts");

describe.each([
  ["the SCIM function", functionEntry, ["aws4"]],
  ["the functions of the change events", eventsEntry, ["aws4", "ipaddr.js"]],
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
