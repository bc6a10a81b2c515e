import { describe, expect, test } from "vitest";
import { mask } from "../../../operations/pullRequest/mask.ts";

const body = ["MIIE0123456789", "0a1b2c3d4e5f", "x9"];
const pem = ["-----BEGIN RSA PRIVATE", " KEY-----\n", body.join("\n"), "\n-----END RSA PRIVATE", " KEY-----\n"].join(
  "",
);
const password = "p4ss-w0rd";
const basic = Buffer.from(`okta:${password}`).toString("base64");
const indent = (text: string): string => text.replace(/^/gm, "        ");

describe("a secret is masked", () => {
  test.each<readonly [string, unknown, string, readonly string[]]>([
    ["a key with indentation", pem, indent(pem), body.slice(0, 2)],
    ["a key without its last line break", pem, pem.trim(), body],
    ["a key with line ends of Windows", pem, pem.replaceAll("\n", "\r\n"), body.slice(0, 2)],
    ["a token with a line break", "s3cret-t0ken\n", "it is s3cret-t0ken.", ["s3cret-t0ken"]],
    ["a number", 1_234_567_890, "pin: 1234567890", ["1234567890"]],
    ["a number in an object", { pin: 12_345_678 }, "12345678", ["12345678"]],
    ["the password in Basic credentials", `Basic ${basic}`, `login okta with ${password}`, [password]],
    ["Basic credentials alone", `Basic ${basic}`, basic, [basic]],
    ["the token of Okta's scheme", "SSWS 00abcdefgh", "token 00abcdefgh", ["00abcdefgh"]],
    ["the token of a scheme in lower case", "bearer abcdefgh01", "abcdefgh01", ["abcdefgh01"]],
  ])("%s", (_, secret, text, hidden) => {
    const masked = mask(text, [secret]);
    expect(masked).toContain("[secret]");
    for (const part of hidden) expect(masked).not.toContain(part);
  });
});

test("words that are not secret stay: the frame of a key, the user's name, and texts under 8 characters", () => {
  const text = "-----BEGIN CERTIFICATE-----, okta, letmein, 42";
  expect(mask(text, [pem, `Basic ${basic}`, "letmein", 42])).toBe(text);
});
