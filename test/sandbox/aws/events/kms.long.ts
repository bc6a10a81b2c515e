import { createHash, createPublicKey, verify } from "node:crypto";
import { GetPublicKeyCommand, KMSClient, SignCommand } from "@aws-sdk/client-kms";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ServiceFault } from "../../../../sandbox/aws/json/faults.ts";
import { allow, startEventLab, type EventLab } from "../../../support/sandbox/aws/eventLab.ts";

const KEY = "aws:kms/key:Key";
const SIGNING = { customerMasterKeySpec: "ECC_NIST_P256", keyUsage: "SIGN_VERIFY", deletionWindowInDays: 7 };

let lab: EventLab;
beforeAll(async () => {
  lab = await startEventLab();
});
afterAll(() => lab.close());

const signing = (KeyId: string, message: Buffer, more: object = {}): SignCommand =>
  new SignCommand({
    ...{ KeyId, MessageType: "DIGEST" as const, SigningAlgorithm: "ECDSA_SHA_256" as const, Message: message },
    ...more,
  });
const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

describe("KMS", () => {
  it("starts nothing before a resource needs it", async () => {
    expect(lab.services.endpoint.url).toBeUndefined();
    await lab.create(KEY, SIGNING);
    expect(lab.services.endpoint.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it("signs digests in DER, and its public key verifies every one of them", async () => {
    const { outputs } = await lab.create(KEY, SIGNING);
    const arn = String(outputs["arn"]);
    const kms = new KMSClient(await lab.caller(allow(arn, "kms:Sign", "kms:GetPublicKey")));
    const { PublicKey = new Uint8Array() } = await kms.send(new GetPublicKeyCommand({ KeyId: arn }));
    const key = createPublicKey({ key: Buffer.from(PublicKey), type: "spki", format: "der" });
    for (let n = 0; n < 40; n++) {
      const text = `message ${n}`;
      const answer = await kms.send(signing(n % 2 === 0 ? arn : String(outputs["keyId"]), digest(text)));
      expect(answer).toMatchObject({ KeyId: arn, SigningAlgorithm: "ECDSA_SHA_256" });
      expect(verify("sha256", Buffer.from(text), key, answer.Signature ?? new Uint8Array())).toBe(true);
    }
    const raw = await kms.send(signing(arn, Buffer.from("raw"), { MessageType: "RAW" }));
    expect(verify("sha256", Buffer.from("raw"), key, raw.Signature ?? new Uint8Array())).toBe(true);
    await expect(kms.send(signing(arn, Buffer.from("not a digest")))).rejects.toMatchObject({
      name: "ValidationException",
      message: "Digest is invalid length for algorithm ECDSA_SHA_256.",
    });
  });

  it("gives the program the same public key, and finds a key by its alias", async () => {
    const { id, outputs } = await lab.create(KEY, SIGNING);
    const alias = await lab.create("aws:kms/alias:Alias", { name: "alias/events", targetKeyId: id });
    expect(alias.outputs["targetKeyArn"]).toBe(outputs["arn"]);
    const kms = new KMSClient(await lab.caller(allow(String(outputs["arn"]), "kms:GetPublicKey")));
    const { PublicKey = new Uint8Array() } = await kms.send(new GetPublicKeyCommand({ KeyId: "alias/events" }));
    const read = await lab.services.functions["aws:kms/getPublicKey:getPublicKey"]?.({ keyId: id });
    expect(read).toMatchObject({
      arn: outputs["arn"],
      keyUsage: "SIGN_VERIFY",
      publicKey: Buffer.from(PublicKey).toString("base64"),
      signingAlgorithms: ["ECDSA_SHA_256"],
    });
  });

  it.each([["kms:GetPublicKey"], ["kms:Verify"]])("denies Sign to a role that may only %s", async (action) => {
    const { outputs } = await lab.create(KEY, SIGNING);
    const arn = String(outputs["arn"]);
    const kms = new KMSClient(await lab.caller(allow(arn, action)));
    await expect(kms.send(signing(arn, digest("a")))).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining(`is not authorized to perform: kms:Sign on resource: ${arn}`) as string,
    });
    expect(lab.denials.at(-1)).toMatchObject({ action: "kms:Sign", resource: arn });
  });

  it("denies the key of another role", async () => {
    const own = await lab.create(KEY, SIGNING);
    const other = await lab.create(KEY, SIGNING);
    const kms = new KMSClient(await lab.caller(allow(String(own.outputs["arn"]), "kms:Sign")));
    await expect(kms.send(signing(other.id, digest("a")))).rejects.toThrow("kms:Sign");
  });

  it("schedules a deletion: the key is of no use at once, and gone at the end of its window", async () => {
    const { id, outputs } = await lab.create(KEY, SIGNING);
    const kms = new KMSClient(await lab.caller(allow(String(outputs["arn"]), "kms:Sign")));
    await lab.handler(KEY).delete(id, outputs);
    expect(await lab.handler(KEY).read(id, outputs)).toBeUndefined();
    await expect(kms.send(signing(id, digest("a")))).rejects.toMatchObject({ name: "KMSInvalidStateException" });
    lab.ahead = 7 * 24 * 3_600_000 + 1;
    await expect(kms.send(signing(id, digest("a")))).rejects.toMatchObject({ name: "NotFoundException" });
    lab.ahead = 0;
  });

  it("refuses a key that AWS refuses", async () => {
    await expect(lab.create(KEY, { ...SIGNING, keyUsage: "ENCRYPT_DECRYPT" })).rejects.toThrow("needs SIGN_VERIFY");
    await expect(lab.create(KEY, { ...SIGNING, enableKeyRotation: true })).rejects.toThrow("UnsupportedOperation");
    await expect(lab.create(KEY, { ...SIGNING, deletionWindowInDays: 3 })).rejects.toThrow("deletionWindowInDays");
  });

  it("throttles, cuts and fails as its fault says, and the SDK retries", async () => {
    const { id, outputs } = await lab.create(KEY, SIGNING);
    const config = await lab.caller(allow(String(outputs["arn"]), "kms:Sign"));
    const once = new KMSClient(config);
    lab.freedoms = { services: () => "throttle" };
    await expect(once.send(signing(id, digest("a")))).rejects.toMatchObject({ name: "ThrottlingException" });
    const left: ServiceFault[] = ["throttle", "cut", { status: 503, done: true }, "lost"];
    lab.freedoms = { services: () => left.shift() ?? "pass" };
    const patient = new KMSClient({ ...config, maxAttempts: 6 });
    expect((await patient.send(signing(id, digest("a")))).Signature).toBeDefined();
    expect(lab.services.endpoint.counts()["kms:Sign"]?.faulted).toBe(5);
    lab.freedoms = undefined;
  });
});
