import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../lambda/model.ts";
import { ENTERPRISE_USER } from "../../../../lambda/scim/schema/index.ts";
import { error } from "../../../support/lambda/protocol/found/error.ts";
import { startServices, type RunningCloud, type RunningService } from "../../../support/lambda/protocol/service.ts";

type Raw = string | Uint8Array<ArrayBuffer>;
/** A body that names the user `{u}`; the refusal of it, or what the user has if it is accepted. */
type Case = readonly [name: string, body: string, outcome: { refused: JsonObject } | { shown: JsonObject }];

const bytes = (buffer: Buffer): Uint8Array<ArrayBuffer> => new Uint8Array(buffer);
const invalid = (detail: string, scimType = "invalidSyntax") => ({ refused: error(400, detail, scimType) });
const noJson = invalid("The body is not valid JSON in UTF-8.");
const noObject = invalid("The body must be a JSON object.");
const tooDeep = invalid("The body nests deeper than 32 levels.");
const shown = (attributes: JsonObject) => ({ shown: attributes });
const twice = (name: string) =>
  invalid(`The body has an object with the name "${name}" twice. Names are compared without case; send one of them.`);
const half = (path: string) =>
  invalid(`${path} is not valid Unicode: it has half of a surrogate pair.`, "invalidValue");

const json: Case[] = [
  ["a byte order mark", '\ufeff{"userName":"{u}"}', shown({})],
  ["two byte order marks", '\ufeff\ufeff{"userName":"{u}"}', noJson],
  ["blanks around it", ' \r\n\t{"userName":"{u}"}\n', shown({})],
  ["a name twice in one case: the last counts", '{"userName":"{u}","title":"a","title":"b"}', shown({ title: "b" })],
  ["a name twice in two cases", '{"userName":"{u}","title":"a","Title":"b"}', twice("Title")],
  ["a nested name twice", '{"userName":"{u}","name":{"givenName":"a","GIVENNAME":"b"}}', twice("GIVENNAME")],
  [
    "a prototype",
    '{"userName":"{u}","__proto__":{"title":"x"},"constructor":{"prototype":{"title":"x"}},"title":"T"}',
    shown({ title: "T" }),
  ],
  [
    `a prototype in an extension`,
    `{"userName":"{u}","${ENTERPRISE_USER}":{"__proto__":{"department":"x"}}}`,
    shown({}),
  ],
  ["31 levels in it", `{"userName":"{u}","x":${"[".repeat(31)}${"]".repeat(31)}}`, shown({})],
  ["40 levels in it", `{"userName":"{u}","x":${"[".repeat(40)}${"]".repeat(40)}}`, tooDeep],
  ["100,000 levels in it", `{"userName":"{u}","x":${"[".repeat(100_000)}${"]".repeat(100_000)}}`, tooDeep],
  ["half a surrogate pair", '{"userName":"{u}","title":"\\ud800"}', half("title")],
  ["the other half in a list", '{"userName":"{u}","emails":[{"value":"\\udc00"}]}', half("emails[0].value")],
  ["half a surrogate pair in a name", '{"userName":"{u}","\\udc00":"x"}', shown({})],
  ["a whole surrogate pair", '{"userName":"{u}","title":"\\ud83d\\ude00"}', shown({ title: "😀" })],
  ["a number too large for a number", '{"userName":"{u}","x":1e999}', shown({})],
  [
    "20,000 unknown names",
    `{"userName":"{u}",${Array.from({ length: 20_000 }, (_, at) => `"k${at}":1`).join(",")}}`,
    shown({}),
  ],
  ["nothing", "", noJson],
  ["blanks alone", "  ", noJson],
  ["a comma too many", '{"userName":"{u}",}', noJson],
  ["a comment", '{"userName":"{u}"} // x', noJson],
  ["single quotes", "{'userName':'{u}'}", noJson],
  ["NaN", '{"userName":NaN}', noJson],
  ["a raw line break in a text", '{"userName":"{u}\n"}', noJson],
  ["two documents", '{"userName":"{u}"}{"userName":"{u}"}', noJson],
  ["a list", '[{"userName":"{u}"}]', noObject],
  ["a text", '"userName"', noObject],
  ["null", "null", noObject],
  ["no userName", '{"title":"x"}', invalid("userName is required and must not be empty.", "invalidValue")],
];

const badEncoding = error(415, "The Content-Encoding must be gzip. Or send the body without an encoding.");
const badType = error(415, "The Content-Type must be application/scim+json or application/json.");
const badGzip = error(
  400,
  "The body is not valid gzip. Send it with the Content-Type application/scim+json, or without a Content-Encoding.",
  "invalidSyntax",
);
const needsScim = error(
  415,
  "A body with the Content-Encoding gzip needs the Content-Type application/scim+json. Or send the body without an encoding.",
);
const tooLarge = error(413, "The body is larger than 4194304 bytes; maxPayloadSize is this bound.");
const plain = (text: string): Buffer => Buffer.from(text);
const flipped = (text: string): Buffer => {
  const zipped = gzipSync(text);
  zipped.writeUInt8(zipped.readUInt8(zipped.length - 6) ^ 1, zipped.length - 6);
  return zipped;
};

/** A `Content-Encoding`, a `Content-Type` where it matters, the way to encode, and the body of the refusal. */
const encodings: readonly (readonly [encoding: string, type: string, encode: (text: string) => Buffer, JsonObject?])[] =
  [
    ["gzip", "", gzipSync],
    [" GZip ", "", gzipSync],
    ["gzip,", "", gzipSync],
    ["identity, gzip", "", gzipSync],
    ["gzip", "", (text) => Buffer.concat([gzipSync(text.slice(0, 3)), gzipSync(text.slice(3))])],
    ["identity", "", plain],
    ["identity", "application/json", plain],
    ["gzip", "application/json", gzipSync, needsScim],
    ["gzip", "application/json; charset=utf-8", gzipSync, needsScim],
    ["deflate", "", deflateSync, badEncoding],
    ["br", "", brotliCompressSync, badEncoding],
    ["zstd", "", plain, badEncoding],
    ["gzip, gzip", "", (text) => gzipSync(gzipSync(text)), badEncoding],
    ["gzip, br", "", gzipSync, badEncoding],
    ["gzip", "", (text) => gzipSync(text).subarray(0, 15), badGzip],
    ["gzip", "", (text) => Buffer.concat([gzipSync(text), Buffer.from("more")]), badGzip],
    ["gzip", "", flipped, badGzip],
    ["gzip", "application/json", plain, badGzip],
    ["gzip", "", () => gzipSync(""), noJson.refused],
    ["gzip", "", () => gzipSync(Buffer.alloc(4 * 1024 * 1024 + 1, 32)), tooLarge],
    ["gzip", "", () => gzipSync(Buffer.alloc(100_000_000, 32)), tooLarge],
  ];

const types: readonly (readonly [type: string, isJson: boolean])[] = [
  ["application/scim+json; charset=utf-8", true],
  ["application/json;charset=UTF-8", true],
  ["APPLICATION/SCIM+JSON", true],
  ["application/json; charset=iso-8859-1", true],
  ["text/json", true],
  ["text/plain", false],
  ["application/xml", false],
  ["application/x-www-form-urlencoded", false],
  ["multipart/form-data; boundary=x", false],
  ["application/jsonp", false],
  ["*/*", false],
  ["json", false],
];

let cloud: RunningCloud;
beforeAll(async () => {
  cloud = await startServices();
});
afterAll(() => cloud.close());

describe.each(["standard", "iru"] as const)("with attributes=%s", (setting) => {
  let service: RunningService;
  let count = 0;
  beforeAll(async () => {
    service = await cloud.service(setting);
  });
  const userName = (): string => `u${(count += 1)}`;
  const send = (raw: Raw, headers: Record<string, string> = {}) => service.send("POST", "/Users", { raw, headers });

  it.each(json)("a body with %s", async (_name, body, outcome) => {
    const name = userName();
    const { status, body: answer } = await send(body.replaceAll("{u}", name));
    if ("refused" in outcome) return expect([status, answer]).toEqual([400, outcome.refused]);
    const { id, meta, schemas } = answer;
    expect([status, answer]).toEqual([201, { schemas, id, meta, userName: name, active: true, ...outcome.shown }]);
  });

  it.each([
    ["UTF-16", Buffer.from('\ufeff{"userName":"x"}', "utf16le")],
    ["Latin-1", Buffer.from('{"userName":"é"}', "latin1")],
    ["cut UTF-8", Buffer.from('{"userName":"é"}').subarray(0, 14)],
  ])("a body in %s", async (_name, raw) => {
    const { status, body } = await send(bytes(raw), { "content-type": "application/scim+json; charset=utf-16" });
    expect([status, body]).toEqual([400, noJson.refused]);
  });

  it.each(encodings.map(([encoding, type, encode, refusal]) => ({ encoding, type, encode, refusal })))(
    "a body with the encoding $encoding, the type $type and the bytes of $encode",
    async ({ encoding, type, encode, refusal }) => {
      const name = userName();
      const raw = bytes(encode(JSON.stringify({ userName: name })));
      const answer = await send(raw, {
        "content-encoding": encoding,
        ...(type === "" ? {} : { "content-type": type }),
      });
      if (!refusal) return expect([answer.status, answer.body["userName"]]).toEqual([201, name]);
      expect([answer.status, answer.body]).toEqual([Number(refusal["status"]), refusal]);
      expect(answer.headers.get("accept-encoding")).toBe(answer.status === 415 ? "gzip" : null);
    },
  );

  it.each(types)("a body of the type %s is JSON: %s", async (type, isJson) => {
    const answer = await send(JSON.stringify({ userName: userName() }), { "content-type": type });
    expect(answer.status).toBe(isJson ? 201 : 415);
    if (!isJson) expect(answer.body).toEqual(badType);
  });

  it("a PATCH and a PUT take gzip, too", async () => {
    const { id } = await send(JSON.stringify({ userName: userName() }));
    const headers = { "content-encoding": "gzip" };
    const patch = { Operations: [{ op: "replace", path: "title", value: "T" }] };
    const patched = await service.send("PATCH", `/Users/${id}`, {
      raw: bytes(gzipSync(JSON.stringify(patch))),
      headers,
    });
    expect([patched.status, patched.body["title"]]).toEqual([200, "T"]);
    const put = await service.send("PUT", `/Users/${id}`, {
      raw: bytes(gzipSync(JSON.stringify({ userName: userName() }))),
      headers,
    });
    expect([put.status, put.body["title"]]).toEqual([200, undefined]);
  });
});
