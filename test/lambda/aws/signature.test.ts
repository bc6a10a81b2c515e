import { expect, it } from "vitest";
import { sign } from "../../../lambda/aws/signature.ts";

// AWS's test suite for Signature Version 4 (`aws-sig-v4-test-suite`, today in awslabs/aws-c-auth).
const scope = { service: "service", region: "us-east-1" };
const keys = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const time = Date.parse("2015-08-30T12:36:00Z");
const host = "example.amazonaws.com";
const sessionToken =
  "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";

it.each([
  ["post-vanilla", { host }, "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b", "host;x-amz-date"],
  [
    "post-header-key-sort",
    { "my-header1": "value1", host },
    "",
    "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c",
    "host;my-header1;x-amz-date",
  ],
  [
    "post-header-value-case",
    { host, "my-header1": "VALUE1" },
    "",
    "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d",
    "host;my-header1;x-amz-date",
  ],
  [
    "post-x-www-form-urlencoded",
    {
      "content-type": "application/x-www-form-urlencoded",
      host,
      "content-length": "13",
      "x-amz-content-sha256": "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e",
    },
    "Param1=value1",
    "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b",
    "content-length;content-type;host;x-amz-content-sha256;x-amz-date",
  ],
])("signs AWS's test vector %s", async (_, headers, body, signature, names) => {
  expect(await sign(scope, keys, { headers, body }, time)).toMatchObject({
    "x-amz-date": "20150830T123600Z",
    Authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=${names}, Signature=${signature}`,
  });
});

it("signs the session token of temporary credentials: AWS's test vector post-sts-header-before", async () => {
  const signed = await sign(scope, { ...keys, sessionToken }, { headers: { host }, body: "" }, time);
  expect(signed).toMatchObject({
    "X-Amz-Security-Token": sessionToken,
    Authorization:
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date;x-amz-security-token, Signature=85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead",
  });
});
