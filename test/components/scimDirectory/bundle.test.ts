import { buildSync } from "esbuild";
import { expect, it } from "vitest";
import { bundleOptions, functionEntry } from "../../../components/scimDirectory/bundle.ts";

const { metafile, outputFiles } = buildSync({ ...bundleOptions(functionEntry), metafile: true });

it("the function's bundle holds of npm's packages only the signature", () => {
  const packages = Object.keys(metafile.inputs).flatMap(
    (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [],
  );
  expect([...new Set(packages)]).toEqual(["aws4"]);
});

it("the function's bundle does not import node:http or node:https, but only the one that the address needs", () => {
  const [{ text } = { text: "" }] = outputFiles;
  const imported = [...text.matchAll(/require\("(?:node:)?([^"]+)"\)/g)].map(([, name]) => name);
  expect(imported).not.toEqual([]);
  expect(imported.filter((name) => name === "http" || name === "https")).toEqual([]);
});
