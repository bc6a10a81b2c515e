import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isObject } from "../../../lambda/scim/values/json.ts";
import type { JsonObject, JsonValue } from "../../../lambda/model.ts";
import { commonAttributes } from "../../../lambda/scim/schema/definitions.ts";
import { compileRegistry, type Attribute, type ResourceType } from "../../../lambda/scim/schema/index.ts";
import {
  resourcesOf,
  startServices,
  type Answer,
  type RunningCloud,
  type RunningService,
} from "../../support/lambda/protocol/service.ts";

/** An attribute or a sub-attribute, as a path names it. */
interface Named {
  readonly path: string;
  readonly extension: string | undefined;
  readonly attribute: Attribute;
  readonly sub: Attribute | undefined;
  /** Its own characteristics: those of the sub-attribute if there is one. */
  readonly own: Attribute;
  readonly isRetained: boolean;
}

function namedOf(type: ResourceType, known: boolean): Named[] {
  const { schema, extensions } = known ? type.known : type;
  const core = { id: undefined, attributes: [...commonAttributes, ...schema.attributes] };
  return [core, ...extensions].flatMap(({ id, attributes }) =>
    attributes.flatMap((attribute) =>
      [undefined, ...(attribute.subAttributes ?? [])].map((sub): Named => {
        const name = sub ? `${attribute.name}.${sub.name}` : attribute.name;
        const path = id === undefined ? name : `${id}:${name}`;
        return { path, extension: id, attribute, sub, own: sub ?? attribute, isRetained: true };
      }),
    ),
  );
}

/** All attributes of RFC 7643, and how a tenant treats them. */
function allOf(type: ResourceType): Named[] {
  const retained = new Map(namedOf(type, false).map((named) => [named.path, named]));
  return namedOf(type, true).map((named) => retained.get(named.path) ?? { ...named, isRetained: false });
}

/** An attribute as clients see it, without the fields that only the service reads. */
function characteristics({ retention: _, emptyIsUnassigned: __, ...attribute }: Attribute): Attribute {
  const { subAttributes } = attribute;
  return subAttributes ? { ...attribute, subAttributes: subAttributes.map(characteristics) } : attribute;
}

/** A value of the attribute's type, with letters of both cases. */
function sample({ type, subAttributes, multiValued, name }: Attribute): JsonValue {
  const one = (): JsonValue => {
    switch (type) {
      case "boolean":
        return true;
      case "binary":
        return "TWFuTWFu";
      case "reference":
        return `https://example.com/Sample/${name}`;
      case "complex":
        return Object.fromEntries((subAttributes ?? []).map((sub) => [sub.name, sample(sub)]));
      default:
        return `Sample ${name}`;
    }
  };
  return multiValued ? [one()] : one();
}

function place({ extension, attribute, sub }: Named, value: JsonValue): JsonObject {
  const inner = sub ? { [sub.name]: value } : value;
  const whole = sub && attribute.multiValued ? [inner] : inner;
  return extension === undefined ? { [attribute.name]: whole } : { [extension]: { [attribute.name]: whole } };
}

/** The value at a path of a resource; of a list its first element. Undefined if there is none. */
function at(resource: JsonObject, { extension, attribute, sub }: Named): JsonValue | undefined {
  const container = extension === undefined ? resource : resource[extension];
  const value = isObject(container) ? container[attribute.name] : undefined;
  if (!sub) return value;
  const element = Array.isArray(value) ? value[0] : value;
  return isObject(element) ? element[sub.name] : undefined;
}

const swapCase = (text: string): string =>
  text.replace(/[a-z]/gi, (letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()));

let cloud: RunningCloud;
beforeAll(async () => {
  cloud = await startServices();
});
afterAll(() => cloud.close());

describe.each([["iru"], ["standard"]] as const)("with attributes: %s", (setting) => {
  const registry = compileRegistry(setting);
  let service: RunningService;
  /** A user and a group with a value for every attribute, connected with each other. */
  const made: Record<string, Answer> = {};
  let count = 0;

  beforeAll(async () => {
    service = await cloud.service(setting);
    made["User"] = await service.send("POST", "/Users", { body: whole(registry.user) });
    made["Group"] = await service.send("POST", "/Groups", { body: whole(registry.group) });
    expect([made["User"].status, made["Group"].status]).toEqual([201, 201]);
  });

  function whole(type: ResourceType): JsonObject {
    const values = namedOf(type, true).filter(({ sub, own }) => !sub && own.mutability !== "readOnly");
    const bodies = values.map((named) => place(named, valueFor(named)));
    const extensions = Object.fromEntries(
      type.known.extensions.map(({ id }) => [
        id,
        Object.assign({}, ...bodies.map((body) => body[id] ?? {})) as JsonObject,
      ]),
    );
    return { ...(Object.assign({}, ...bodies) as JsonObject), ...extensions };
  }
  const userId = (): string => made["User"]?.id ?? "";
  const idOf = (type: ResourceType): string => made[type.name]?.id ?? "";
  const valueFor = (named: Named): JsonValue =>
    named.attribute.name !== "members" ? sample(named.own) : named.sub ? userId() : [{ value: userId(), display: "D" }];
  const get = async (type: ResourceType, query: string): Promise<JsonObject> =>
    (await service.send("GET", `${type.endpoint}/${idOf(type)}?${query}`)).body;
  /** A new resource of this type with the required attributes and more. */
  function post(type: ResourceType, more: JsonObject): Promise<Answer> {
    const name = type.name === "User" ? "userName" : "displayName";
    return service.send("POST", type.endpoint, { body: { [name]: `n${(count += 1)}`, ...more } });
  }
  const patch = (target: string, operation: JsonObject): Promise<Answer> =>
    service.send("PATCH", target, { body: { Operations: [operation] } });

  it("/Schemas describes exactly what is retained, with every characteristic", async () => {
    const described = resourcesOf(await service.send("GET", "/Schemas"));
    const schemas = [registry.user, registry.group].flatMap(({ schema, extensions }) => [schema, ...extensions]);
    expect(described.map(({ id, name, attributes }) => ({ id, name, attributes }))).toEqual(
      schemas.map(({ id, name, attributes }) => ({ id, name, attributes: attributes.map(characteristics) })),
    );
    for (const { id } of schemas) {
      expect((await service.send("GET", `/Schemas/${id}`)).body).toEqual(
        described.find((schema) => schema["id"] === id),
      );
    }
  });

  describe.each([[registry.user], [registry.group]])("$name", (type) => {
    const named = allOf(type);
    const retained = named.filter(({ isRetained }) => isRetained);
    const offered = retained.map((one): [path: string, Named] => [one.path, one]);

    it.each(offered)("%s is returned as the schema says", async (path, one) => {
      const returned = one.own.returned === "default" ? one.attribute.returned : one.own.returned;
      const [plain, asked, excluded] = await Promise.all([
        get(type, ""),
        get(type, `attributes=${path}`),
        get(type, `excludedAttributes=${path}`),
      ]);
      expect(at(plain, one) !== undefined).toBe(returned === "always" || returned === "default");
      expect(at(asked, one) !== undefined).toBe(returned !== "never");
      expect(at(excluded, one) !== undefined).toBe(returned === "always");
    });

    it.each(offered.filter(([, { own }]) => own.mutability !== "readOnly"))(
      "%s is written as its type and its mutability say",
      async (path, one) => {
        const value = one.own.uniqueness === "server" ? `Sample ${(count += 1)}` : valueFor(one);
        const isMember = one.sub !== undefined && one.attribute.name === "members";
        const sent = (given: JsonValue): JsonObject =>
          isMember ? { members: [{ value: userId(), [one.own.name]: given }] } : place(one, given);
        const { status, id } = await post(type, sent(value));
        expect(status).toBe(201);
        const { body } = await service.send("GET", `${type.endpoint}/${id}?attributes=${path}`);
        if (one.own.type !== "complex" && path !== "members.type" && path !== "members.$ref") {
          expect(at(body, one)).toEqual(value);
        } else expect(at(body, one)).toBeDefined();

        const wrong = one.own.multiValued ? { not: "a list" } : ["a list", "of two"];
        const refused = await post(type, sent(wrong));
        expect(refused).toMatchObject({ status: 400, body: { scimType: "invalidValue" } });
        if (one.own.mutability === "immutable") {
          const target = `${type.endpoint}/${id}`;
          const filtered = `${one.attribute.name}[value eq "${userId()}"].${one.own.name}`;
          const change = await patch(target, { op: "replace", path: filtered, value: "x" });
          expect(change).toMatchObject({ status: 400, body: { scimType: "mutability" } });
        }
      },
    );

    it.each(
      offered.filter(([, { own, attribute }]) => own.mutability === "readOnly" || attribute.mutability === "readOnly"),
    )("%s is read-only: ignored in a document, rejected in a path", async (path, one) => {
      const { status, id } = await post(type, place(one, "Sample"));
      expect(status).toBe(201);
      const target = `${type.endpoint}/${id}`;
      const before = (await service.send("GET", target)).body;
      expect(JSON.stringify(before)).not.toContain('"Sample"');
      const answer = await patch(target, { op: "replace", path, value: "Sample" });
      // RFC 7644 §3.5.2: schemas may be part of a PATCH; here they follow from the attributes.
      if (path === "schemas") expect([200, 204]).toContain(answer.status);
      else expect(answer).toMatchObject({ status: 400, body: { scimType: "mutability" } });
      expect((await service.send("GET", target)).body).toEqual(before);
    });

    it.each(offered.filter(([, { own }]) => ["string", "reference", "binary"].includes(own.type)))(
      "%s compares with or without case as the schema says",
      async (path, one) => {
        const value = at(await get(type, `attributes=${path}`), one);
        const text = Array.isArray(value) ? value[0] : value;
        if (typeof text !== "string") throw new Error(`${path} has no text`);
        const countOf = async (wanted: string): Promise<unknown> => {
          const filter = `id eq "${idOf(type)}" and ${path} eq ${JSON.stringify(wanted)}`;
          return (await service.send("GET", `${type.endpoint}?count=0&${new URLSearchParams({ filter }).toString()}`))
            .body["totalResults"];
        };
        expect(await countOf(text)).toBe(1);
        if (swapCase(text) !== text) expect(await countOf(swapCase(text))).toBe(one.own.caseExact ? 0 : 1);
      },
    );

    it.each(offered.filter(([, { own, sub }]) => !sub && own.mutability !== "readOnly"))(
      "%s can be left out or removed unless it is required",
      async (path, one) => {
        const bare = Object.fromEntries(Object.entries(whole(type)).filter(([name]) => name !== one.attribute.name));
        const unique = type.schema.attributes
          .filter(({ uniqueness }) => uniqueness === "server")
          .map(({ name }) => name);
        const fresh = Object.fromEntries(
          unique.filter((name) => name in bare).map((name) => [name, `n${(count += 1)}`]),
        );
        const created = await service.send("POST", type.endpoint, { body: { ...bare, ...fresh } });
        const target = `${type.endpoint}/${one.own.required ? idOf(type) : created.id}`;
        const removed = await patch(target, { op: "remove", path });
        if (one.own.required) {
          expect(created).toMatchObject({ status: 400, body: { scimType: "invalidValue" } });
          expect(created.body["detail"]).toContain(path);
          expect(removed).toMatchObject({ status: 400, body: { scimType: "mutability" } });
        } else {
          expect(created.status).toBe(201);
          expect([200, 204]).toContain(removed.status);
        }
      },
    );

    it.each(offered.filter(([, { own }]) => own.uniqueness === "server" && own.mutability !== "readOnly"))(
      "%s is unique, without regard to case",
      async (_path, one) => {
        const value = `Unique ${(count += 1)}`;
        expect((await post(type, place(one, value))).status).toBe(201);
        const second = await post(type, place(one, swapCase(value)));
        expect(second).toMatchObject({ status: 409, body: { scimType: "uniqueness" } });
      },
    );

    const dropped = named.filter(({ isRetained }) => !isRetained).map((one): [string, Named] => [one.path, one]);
    it.each(dropped)("%s is accepted and dropped", async (path, one) => {
      const { status, id } = await post(type, place(one, one.attribute.name === "members" ? "D" : sample(one.own)));
      expect(status).toBe(one.attribute.name === "members" ? 400 : 201);
      const target = `${type.endpoint}/${id || idOf(type)}`;
      const before = (await service.send("GET", target)).body;
      const answer = await patch(target, { op: "add", path, value: sample(one.own) });
      if (one.own.mutability === "readOnly") expect(answer.body["scimType"]).toBe("mutability");
      else expect([200, 204]).toContain(answer.status);
      const { body } = await service.send("GET", `${target}?attributes=${path}`);
      expect(at(body, one)).toBeUndefined();
      expect((await service.send("GET", target)).body).toEqual(before);
    });
  });
});
