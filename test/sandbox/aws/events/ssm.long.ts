import { GetParameterCommand, GetParametersCommand, SSMClient } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allow, startEventLab, type EventLab } from "../../../support/sandbox/aws/eventLab.ts";

const PARAMETER = "aws:ssm/parameter:Parameter";
const NAME = "/acme/events/push-targets";
const ARN = `arn:aws:ssm:us-east-1:000000000000:parameter${NAME}`;
const SECRET = '{"audit":{"authorization":"Bearer secret"}}';

let lab: EventLab;
let ssm: SSMClient;

beforeAll(async () => {
  lab = await startEventLab();
  await lab.create(PARAMETER, { name: NAME, type: "SecureString", value: SECRET });
  ssm = new SSMClient(await lab.caller(allow(ARN, "ssm:GetParameter", "ssm:GetParameters")));
});
afterAll(() => lab.close());

describe("SSM", () => {
  it("shows a SecureString only to a reader that decrypts it", async () => {
    const decrypted = await ssm.send(new GetParameterCommand({ Name: NAME, WithDecryption: true }));
    expect(decrypted.Parameter).toMatchObject({ Name: NAME, ARN, Type: "SecureString", Value: SECRET, Version: 1 });
    const plain = await ssm.send(new GetParameterCommand({ Name: NAME }));
    expect(plain.Parameter?.Value).toMatch(/^[A-Za-z0-9+/=]{80,}$/);
  });

  it("gives the next version after an update", async () => {
    const inputs = { name: NAME, type: "SecureString", value: `${SECRET} ` };
    const outputs = await lab.handler(PARAMETER).update(NAME, {}, inputs);
    expect(outputs).toMatchObject({ arn: ARN, version: 2 });
    const { Parameters, InvalidParameters } = await ssm.send(
      new GetParametersCommand({ Names: [NAME], WithDecryption: true }),
    );
    expect(Parameters).toMatchObject([{ Value: `${SECRET} `, Version: 2 }]);
    expect(InvalidParameters).toEqual([]);
  });

  it("names a parameter that does not exist", async () => {
    const reader = new SSMClient(await lab.caller(allow(`${ARN}-2`, "ssm:GetParameter")));
    const asked = reader.send(new GetParameterCommand({ Name: `${NAME}-2` }));
    await expect(asked).rejects.toMatchObject({ name: "ParameterNotFound" });
  });

  it("needs the key too, if the parameter has a key of its own", async () => {
    const key = await lab.create("aws:kms/key:Key", {});
    const own = { name: "/acme/own", type: "SecureString", value: "x", keyId: key.id };
    const { outputs } = await lab.create(PARAMETER, own);
    const arn = String(outputs["arn"]);
    const asked = new GetParameterCommand({ Name: "/acme/own", WithDecryption: true });
    const half = new SSMClient(await lab.caller(allow(arn, "ssm:GetParameter")));
    await expect(half.send(asked)).rejects.toThrow(`perform: kms:Decrypt on resource: ${String(key.outputs["arn"])}`);
    const keyArn = String(key.outputs["arn"]);
    const whole = new SSMClient(await lab.caller(allow(arn, "ssm:GetParameter"), allow(keyArn, "kms:Decrypt")));
    expect((await whole.send(asked)).Parameter?.Value).toBe("x");
  });

  it("refuses a value that the tier does not take, and a name that exists", async () => {
    const inputs = { name: "/acme/long", type: "SecureString", value: "x".repeat(4097) };
    await expect(lab.create(PARAMETER, inputs)).rejects.toThrow("the tier Standard allows 4096");
    await expect(lab.create(PARAMETER, { ...inputs, name: NAME, value: "x" })).rejects.toThrow("already exists");
  });

  it("denies GetParameter to a role that may only GetParameters", async () => {
    const reader = new SSMClient(await lab.caller(allow(ARN, "ssm:GetParameters")));
    await expect(reader.send(new GetParameterCommand({ Name: NAME }))).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining(`perform: ssm:GetParameter on resource: ${ARN}`) as string,
    });
  });
});
