import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startServices, type RunningCloud, type RunningService } from "../../../support/lambda/protocol/service.ts";
import { error } from "../../../support/lambda/protocol/found/error.ts";

let cloud: RunningCloud;
beforeAll(async () => {
  cloud = await startServices();
});
afterAll(() => cloud.close());

const ENDPOINTS =
  "The base URL ends in /api/v1/scim; below it are /Users, /Groups, /Bulk, /.search, /ServiceProviderConfig, /Schemas and /ResourceTypes.";
const notFound = (detail: string) => error(404, detail);
const noEndpoint = (path: string) => notFound(`No endpoint has the path "${path}". ${ENDPOINTS}`);
const base = notFound(`This is the base URL, not an endpoint. ${ENDPOINTS}`);
const version = (name: string) =>
  error(400, `Protocol version ${name} is not supported. Use v2, or leave the version out of the path.`, "invalidVers");
const noSchema = (name: string) =>
  notFound(`There is no schema "${name}". GET /Schemas lists the schemas of this directory.`);
const noType = (name: string) =>
  notFound(`There is no resource type "${name}". The resource types are User and Group.`);
const gone = (kind: string, id: string) => notFound(`${kind} ${id} does not exist. It may have been deleted.`);

describe.each(["standard", "iru"] as const)("with attributes=%s", (attributes) => {
  let service: RunningService;
  let userId: string;
  let groupId: string;
  beforeAll(async () => {
    service = await cloud.service(attributes);
    userId = (await service.send("POST", "/Users", { body: { userName: "ann", title: "Boss" } })).id;
    await service.send("POST", "/Users", { body: { userName: "bob" } });
    const members = [{ value: userId }];
    groupId = (await service.send("POST", "/Groups", { body: { displayName: "Sales", members } })).id;
  });

  describe("a path that names nothing gets a SCIM error that says what to do", () => {
    it.each([
      ["the base URL", "", base],
      ["the base URL with a slash", "/", base],
      ["the base URL with a version", "/v2", base],
      ["the base URL with a query", "?filter=userName%20pr", base],
      ["the base URL with two slashes", "//", base],
      ["an unknown endpoint", "/Nothing", noEndpoint("/Nothing")],
      ["an unknown endpoint after two slashes", "//Nothing/", noEndpoint("/Nothing")],
      ["an endpoint with a parameter", "/Users;x=1", noEndpoint("/Users;x=1")],
      ["a user with something below", "/Users/nobody/groups/", noEndpoint("/Users/nobody/groups")],
      ["a search below a search", "/Users/.search/x", noEndpoint("/Users/.search/x")],
      ["version 0", "/v0/Users", version("v0")],
      ["version 10", "/v10/Users", version("v10")],
      ["version 1 after two slashes", "//v1/Users", version("v1")],
      ["a search of schemas", "/Schemas/.search", noSchema(".search")],
      [
        "the schema of another version",
        "/Schemas/urn:ietf:params:scim:schemas:core:1.0:User",
        noSchema("urn:ietf:params:scim:schemas:core:1.0:User"),
      ],
      ["below a schema", "/Schemas/a/b", noEndpoint("/Schemas/a/b")],
      ["the schema by its name", "/Schemas/User", noSchema("User")],
      ["a resource type by its schema", "/ResourceTypes/urn:x", noType("urn:x")],
      ["below a resource type", "/ResourceTypes/User/x", noEndpoint("/ResourceTypes/User/x")],
      ["a user of a slash", "/Users/%2F", gone("User", "/")],
      ["a user with a text below two slashes", "//users//nobody/", gone("User", "nobody")],
      ["a group in another case", "/GROUPS/Nobody", gone("Group", "Nobody")],
      ["a very long id", `/Users/${"x".repeat(3000)}`, gone("User", "x".repeat(100))],
      ["something below a user", "/Users/a/b", noEndpoint("/Users/a/b")],
      ["an unknown endpoint of version 2", "/v2/Devices", noEndpoint("/Devices")],
      ["a base URL that was typed twice", "/api/v1/scim/Users", noEndpoint("/api/v1/scim/Users")],
      ["version 1", "/v1/Users", version("v1")],
      ["version 1 of the base URL", "/v1", version("v1")],
      ["version 1.1", "/V1.1/Groups", version("V1.1")],
      ["version 3", "/v3/ServiceProviderConfig", version("v3")],
      ["an unknown schema", "/Schemas/urn:x", noSchema("urn:x")],
      ["a schema that this directory does not have", "/Schemas/Device", noSchema("Device")],
      ["an unknown schema of version 2", "/v2/Schemas/urn:y", noSchema("urn:y")],
      ["an unknown resource type", "/ResourceTypes/Device", noType("Device")],
      ["a resource type by its endpoint", "/ResourceTypes/Users", noType("Users")],
      ["a user of nobody", "/Users/nobody", gone("User", "nobody")],
      ["a group of nobody", "/Groups/nobody", gone("Group", "nobody")],
      ["a user in another case", "/users/nobody", gone("User", "nobody")],
    ])("%s", async (_name, target, body) => {
      const answer = await service.send("GET", target);
      expect([answer.status, answer.body]).toEqual([Number(body.status), body]);
      expect(answer.headers.get("content-type")).toBe("application/scim+json");
    });

    it.each(["/Users/%", "/Users/%ff", "/Schemas/%zz"])("a path with a wrong encoding: %s", async (target) => {
      const answer = await service.send("GET", target);
      expect([answer.status, answer.body]).toEqual([404, notFound(`No endpoint has this path. ${ENDPOINTS}`)]);
    });

    it.each([
      ["/users", 2],
      ["/USERS/", 2],
      ["//Users", 2],
      ["/Users//", 2],
      ["/v2/Users", 2],
      ["/V2.0/users/", 2],
      ["//v2//Groups", 1],
      ["/%55%73%65%72%73", 2],
    ])("%s is an endpoint with %i resources", async (target, totalResults) => {
      const { status, body } = await service.send("GET", target);
      expect([status, body["totalResults"]]).toEqual([200, totalResults]);
    });

    it.each(["PUT", "PATCH", "DELETE"])("%s of nobody", async (method) => {
      const body =
        method === "PATCH" ? { Operations: [{ op: "replace", path: "active", value: false }] } : { userName: "nobody" };
      const answer = await service.send(method, "/Users/nobody", method === "DELETE" ? {} : { body });
      expect([answer.status, answer.body]).toEqual([404, gone("User", "nobody")]);
    });

    it("the base URL without a token is 401", async () => {
      const answer = await service.send("GET", "", { headers: { authorization: "" } });
      expect(answer.status).toBe(401);
      expect(answer.headers.get("www-authenticate")).toBe("Bearer");
    });
  });

  describe("HEAD has the headers of GET", () => {
    it.each([
      ["a user", () => `/Users/${userId}`],
      ["a group", () => `/Groups/${groupId}`],
      ["a list", () => "/Users?count=1"],
      ["a schema", () => "/Schemas"],
      ["the configuration", () => "/ServiceProviderConfig"],
      ["nobody", () => "/Users/nobody"],
    ])("for %s", async (_name, target) => {
      const get = await service.send("GET", target());
      const head = await service.send("HEAD", target());
      expect([head.status, head.body]).toEqual([get.status, {}]);
      for (const name of ["content-type", "content-length", "etag"]) {
        expect(head.headers.get(name), name).toBe(get.headers.get(name));
      }
      expect(Number(head.headers.get("content-length"))).toBe(Buffer.byteLength(JSON.stringify(get.body)));
    });

    it("where it is not modified", async () => {
      const { headers } = await service.send("GET", `/Users/${userId}`);
      const tag = headers.get("etag") ?? "";
      const head = await service.send("HEAD", `/Users/${userId}`, { headers: { "if-none-match": tag } });
      expect([head.status, head.headers.get("etag")]).toEqual([304, tag]);
    });
  });

  describe("without a token", () => {
    const missing = 'The Authorization header is missing; it must be "Bearer " followed by the secret token.';
    it.each([
      ["GET", "/ServiceProviderConfig", 200],
      ["GET", "/serviceproviderconfig", 200],
      ["GET", "/v2/ServiceProviderConfig", 200],
      ["HEAD", "/ServiceProviderConfig", 200],
      ["POST", "/ServiceProviderConfig", 401],
      ["GET", "/ServiceProviderConfig/x", 401],
      ["GET", "/Schemas", 401],
      ["GET", "/ResourceTypes", 401],
      ["GET", "/ResourceTypes/User", 401],
      ["GET", "/Users", 401],
    ])("%s %s is %i", async (method, target, status) => {
      const answer = await service.send(method, target, { headers: { authorization: "" } });
      expect(answer.status).toBe(status);
      if (status === 200 && method === "GET") {
        const known = await service.send("GET", "/ServiceProviderConfig");
        expect(answer.body).toEqual(known.body);
        expect(answer.body["authenticationSchemes"]).toMatchObject([{ type: "oauthbearertoken", primary: true }]);
      }
      if (status === 401) expect(answer.body["detail"]).toContain(missing);
    });

    it.each(["Bearer wrong", "Basic YTpi", "Bearer "])(
      "the configuration is 401 if the wrong credentials %j are sent",
      async (authorization) => {
        const answer = await service.send("GET", "/ServiceProviderConfig", { headers: { authorization } });
        expect(answer.status).toBe(401);
      },
    );
  });
});
