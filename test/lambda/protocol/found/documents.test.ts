import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ENTERPRISE_USER, USER } from "../../../../lambda/scim/schema/index.ts";
import { acceptedDocuments } from "../../../support/lambda/protocol/found/documents.ts";
import { refusedDocuments } from "../../../support/lambda/protocol/found/refusedDocuments.ts";
import { startServices, type RunningCloud, type RunningService } from "../../../support/lambda/protocol/service.ts";

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

  it.each(acceptedDocuments.map((one) => [one.name, one] as const))(
    "POST and PUT of a user with %s",
    async (_name, { sent, [setting]: shown }) => {
      const { id: other } = await service.send("POST", "/Users", { body: { userName: userName() } });
      for (const [method, target, status] of [
        ["POST", "/Users", 201],
        ["PUT", `/Users/${other}`, 200],
      ] as const) {
        const name = userName();
        const answer = await service.send(method, target, { body: { userName: name, ...sent } });
        const schemas = ENTERPRISE_USER in shown ? [USER, ENTERPRISE_USER] : [USER];
        const { id, body } = answer;
        const expected = { schemas, id, userName: name, active: true, meta: body["meta"], ...shown };
        expect([answer.status, body]).toEqual([status, expected]);
        const location = `${service.baseUrl}/Users/${id}`;
        const version = answer.headers.get("etag");
        expect(body["meta"]).toMatchObject({ resourceType: "User", location, version });
        expect(answer.headers.get("location")).toBe(status === 201 ? location : null);
        expect((await service.send("GET", `/Users/${id}`)).body).toEqual(body);
      }
    },
  );

  it.each(refusedDocuments.map((one) => [one.name, one] as const))(
    "POST and PUT of a user with %s",
    async (_name, { sent, body, isDropped }) => {
      const made = await service.send("POST", "/Users", { body: { userName: userName(), title: "Boss" } });
      const target = `/Users/${made.id}`;
      const post = await service.send("POST", "/Users", { body: { userName: userName(), ...sent } });
      const put = await service.send("PUT", target, { body: { userName: made.body["userName"] ?? "", ...sent } });
      if (isDropped && setting === "iru") return expect([post.status, put.status]).toEqual([201, 200]);
      expect([post.status, post.body, put.status, put.body]).toEqual([400, body, 400, body]);
      expect((await service.send("GET", target)).body).toEqual(made.body);
    },
  );
});
