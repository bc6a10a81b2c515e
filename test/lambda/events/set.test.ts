import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { changeOf } from "../../../lambda/events/change.ts";
import { joseSignature, signSet } from "../../../lambda/events/jws.ts";
import { audienceOf, busAudience, claimsOf, type Claims } from "../../../lambda/events/set.ts";
import { ENTERPRISE_USER } from "../../../lambda/scim/schema/index.ts";
import { makeKey } from "../../support/lambda/events/keys.ts";
import { BASE_URL, ISSUER } from "../../support/lambda/events/publisher.ts";
import { record, USER_ID, userImage } from "../../support/lambda/events/records.ts";
import { ann, events, iruPublisher, NOW, PREFIX, tell } from "../../support/lambda/events/tell.ts";

describe("a SET (RFC 8417, RFC 9967 §2)", () => {
  const change = record(userImage(1, ann, "create"), userImage(2, { ...ann, title: "Lead" }));

  it("has iss, iat, jti, aud, txn, sub_id and events, and neither sub nor exp", () => {
    const sequence = (change.dynamodb?.SequenceNumber ?? "").padStart(40, "0");
    expect(tell("notice", change)).toEqual([
      {
        iss: ISSUER,
        iat: 1_795_654_801,
        jti: `${sequence}-hr`,
        aud: `${ISSUER}/receivers/hr`,
        txn: "request-2",
        sub_id: {
          format: "scim",
          uri: `/Users/${USER_ID}`,
          id: USER_ID,
          externalId: "00u1",
          userName: "ann@example.com",
        },
        events: { [`${PREFIX}patch:notice`]: { attributes: ["title"], version: 'W/"2"' } },
      },
    ]);
  });

  it("has the same jti and txn each time the change is told, and another jti for another receiver", () => {
    const changed = changeOf(change);
    const to = (name: string, now: number): Claims | undefined =>
      changed &&
      claimsOf(iruPublisher, audienceOf(ISSUER, { name, id: "1", delivery: "poll", mode: "full" }), changed, now);
    expect(to("hr", NOW)?.jti).toBe(to("hr", NOW + 9_000)?.jti);
    expect(to("hr", NOW)?.jti).not.toBe(to("it", NOW)?.jti);
    expect(to("hr", NOW)?.txn).toBe(to("it", NOW)?.txn);
    const onBus = changed && claimsOf(iruPublisher, busAudience(ISSUER), changed, NOW);
    expect(onBus).toMatchObject({ aud: `${ISSUER}/bus`, txn: "request-2" });
  });

  it("is signed as a compact JWS of the type secevent+jwt that the published key verifies", async () => {
    const { signer, published } = await makeKey();
    const [claims] = tell("full", change);
    if (claims === undefined) throw new Error("nothing was told");
    const jwks = createLocalJWKSet({ keys: [{ ...published.jwk, kid: published.kid, alg: "ES256", use: "sig" }] });
    const other = await makeKey();
    // A signature has integers with and without a leading zero.
    for (let at = 0; at < 100; at += 1) {
      const set = await signSet(claims, signer);
      expect(decodeProtectedHeader(set)).toEqual({ alg: "ES256", typ: "secevent+jwt", kid: published.kid });
      const options = { issuer: ISSUER, audience: `${ISSUER}/receivers/hr`, typ: "secevent+jwt" };
      expect((await jwtVerify(set, jwks, options)).payload).toEqual(claims);
    }
    const forged = await signSet(claims, { ...other.signer, kid: published.kid });
    await expect(jwtVerify(forged, jwks)).rejects.toThrow("signature verification failed");
  });

  it.each([
    ["nothing", []],
    ["another type", [0x31, 6, 2, 1, 1, 2, 1, 1]],
    ["a wrong length", [0x30, 7, 2, 1, 1, 2, 1, 1]],
    ["bytes behind the second integer", [0x30, 7, 2, 1, 1, 2, 1, 1, 0]],
    ["an integer that is too long", [0x30, 39, 2, 34, ...Array.from({ length: 34 }, () => 1), 2, 1, 1]],
  ])("does not take a signature for one that is %s", (_, bytes) => {
    expect(() => joseSignature(Uint8Array.from(bytes))).toThrow(TypeError);
  });

  it("leaves a name out of sub_id that is too long for a queue or a bus", () => {
    const long = { ...ann, externalId: "x".repeat(200_000), userName: "y".repeat(200_000) };
    const [claims] = tell("full", record(userImage(1, long), userImage(2, { ...long, title: "Lead" })));
    expect(claims?.sub_id).toEqual({ format: "scim", uri: `/Users/${USER_ID}`, id: USER_ID });
  });
});

describe("the events of a user", () => {
  it("are prov:create, with the representation or the names of its attributes", () => {
    const created = record(undefined, userImage(1, ann, "create"));
    expect(events("notice", created)).toEqual([
      { [`${PREFIX}create:notice`]: { attributes: ["active", "externalId", "title", "userName"], version: 'W/"1"' } },
    ]);
    expect(events("full", created)).toEqual([
      {
        [`${PREFIX}create:full`]: {
          data: {
            schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
            id: USER_ID,
            ...ann,
            meta: {
              resourceType: "User",
              created: "2026-11-26T00:00:00.000Z",
              lastModified: "2026-11-26T01:00:00.000Z",
              location: `${BASE_URL}/Users/${USER_ID}`,
              version: 'W/"1"',
            },
          },
          version: 'W/"1"',
        },
      },
    ]);
  });

  it("are prov:patch, with the paths that differ or the operations that lead there", () => {
    const before = { ...ann, name: { givenName: "Ann", familyName: "A" }, [ENTERPRISE_USER]: { department: "R&D" } };
    const after = {
      ...ann,
      title: "Lead",
      name: { givenName: "Ann", formatted: "Ann A" },
      emails: [{ value: "a@b.c" }],
    };
    const changed = record(userImage(1, before), userImage(2, after));
    const paths = ["emails", "name.familyName", "name.formatted", "title", `${ENTERPRISE_USER}:department`];
    expect(events("notice", changed)).toEqual([{ [`${PREFIX}patch:notice`]: { attributes: paths, version: 'W/"2"' } }]);
    expect(events("full", changed)).toEqual([
      {
        [`${PREFIX}patch:full`]: {
          data: {
            schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            Operations: [
              { op: "add", path: "emails", value: [{ value: "a@b.c" }] },
              { op: "remove", path: "name.familyName" },
              { op: "add", path: "name.formatted", value: "Ann A" },
              { op: "replace", path: "title", value: "Lead" },
              { op: "remove", path: `${ENTERPRISE_USER}:department` },
            ],
          },
          version: 'W/"2"',
        },
      },
    ]);
  });

  it("are prov:put where the client sent a PUT", () => {
    const changed = record(userImage(1, ann), userImage(2, { ...ann, title: "Lead" }, "put"));
    expect(events("notice", changed)).toEqual([
      { [`${PREFIX}put:notice`]: { attributes: ["title"], version: 'W/"2"' } },
    ]);
    expect(events("full", changed)).toMatchObject([{ [`${PREFIX}put:full`]: { data: { title: "Lead" } } }]);
  });

  it.each(["put", "patch"] as const)("are prov:deactivate and prov:activate beside a %s", (how) => {
    const inactive = { ...ann, active: false };
    const [off] = events("notice", record(userImage(1, ann), userImage(2, inactive, how)));
    expect(off).toEqual({
      [`${PREFIX}${how}:notice`]: { attributes: ["active"], version: 'W/"2"' },
      [`${PREFIX}deactivate`]: {},
    });
    const [on] = events("notice", record(userImage(2, inactive), userImage(3, ann, how)));
    expect(Object.keys(on ?? {})).toEqual([`${PREFIX}${how}:notice`, `${PREFIX}activate`]);
  });

  it("are prov:delete without a payload, once, and with the names that the user had", () => {
    const { doc, nk, ...rest } = userImage(2, ann);
    const deleting = { ...rest, v: { N: "3" }, t: { S: "request-3" }, deleting: { BOOL: true } };
    expect(doc?.S).toBeDefined();
    expect(nk?.S).toBeDefined();
    const told = tell("full", record(userImage(2, ann), deleting), record(deleting, undefined));
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({
      txn: "request-3",
      sub_id: { externalId: "00u1", userName: "ann@example.com" },
      events: { [`${PREFIX}delete`]: {} },
    });
    expect(events("full", record(userImage(2, ann), undefined))).toEqual([{ [`${PREFIX}delete`]: {} }]);
  });

  it("hold neither what the tenant does not retain nor a password", () => {
    const secret = { ...ann, password: "secret", nickName: "Annie" };
    expect(JSON.stringify(tell("full", record(undefined, userImage(1, secret, "create"))))).not.toMatch(/secret|Annie/);
    const changed = record(userImage(1, ann), userImage(2, secret));
    expect(events("full", changed)).toEqual([
      { [`${PREFIX}patch:notice`]: { attributes: ["meta"], version: 'W/"2"' } },
    ]);
  });

  it("are a notice where the data has more than 64 KiB", () => {
    const large = record(undefined, userImage(1, { ...ann, title: "x".repeat(65_536) }, "create"));
    expect(Object.keys(events("full", large)[0] ?? {})).toEqual([`${PREFIX}create:notice`]);
  });
});
