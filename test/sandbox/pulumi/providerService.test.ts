import * as grpc from "@grpc/grpc-js";
import structPb from "google-protobuf/google/protobuf/struct_pb.js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import providerPb from "@pulumi/pulumi/proto/provider_pb.js";
import statusPb from "@pulumi/pulumi/proto/status_pb.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UNKNOWN } from "../../../sandbox/engine/values.ts";
import { Archive, PartialFailure, type Properties, type Provider } from "../../../sandbox/engine/provider.ts";
import { serveProvider } from "../../../sandbox/pulumi/providerService.ts";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const archive = (text: string | undefined, hash: string): Properties => ({
  [SIGNATURE]: "0def7320c3a5731c473e5ecbe6d01bc7",
  hash,
  assets: {
    "index.mjs": {
      [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17",
      hash,
      ...(text === undefined ? {} : { text }),
    },
  },
});

/** A resource type with a title, a kind whose change replaces it, and code that is kept as it came. */
const received: Properties[] = [];
const world = new Map<string, Properties>();
const provider: Provider = {
  package: "random",
  resources: {
    "fake:index:Thing": {
      computed: ["serial"],
      replaces: ["kind"],
      autoName: "title",
      conflicts: [["onlyThis", "orThat"]],
      drift: (state, inputs) =>
        state["status"] === undefined || state["status"] === inputs["status"]
          ? { changed: [], replaces: [] }
          : { changed: ["status"], replaces: state["status"] === "INVALID" ? ["status"] : [] },
      import: async (id) =>
        id === "shelf/t9" ? { id: "t9", inputs: { kind: "good" }, outputs: { kind: "good", serial: "s9" } } : undefined,
      create: async (inputs) => {
        received.push(inputs);
        if (inputs["kind"] === "half")
          throw new PartialFailure({ id: "t2", outputs: { serial: "s2" } }, new Error("the lid is missing"));
        if (inputs["kind"] === "bad") throw new Error("kind bad is not allowed; use good");
        return { id: "t1", outputs: { serial: "s1" } };
      },
      read: async (id, state) => {
        const now = world.get(id);
        return now === undefined ? undefined : { ...state, ...now };
      },
      update: async (_id, state, inputs) => ({ ...state, ...inputs }),
      delete: async (id) => void world.delete(id),
    },
  },
  functions: { "fake:index:greet": async ({ who }) => ({ text: `hello ${String(who)}` }) },
};

const urn = "urn:pulumi:s::p::a:b:Parent$fake:index:Thing::it";
const struct = (values: Properties): InstanceType<typeof structPb.Struct> =>
  structPb.Struct.fromJavaScript(values as Parameters<typeof structPb.Struct.fromJavaScript>[0]);

describe("a stand-in over Pulumi's provider protocol", () => {
  let served: Awaited<ReturnType<typeof serveProvider>>;
  let client: InstanceType<typeof providerGrpc.ResourceProviderClient>;
  beforeAll(async () => {
    served = await serveProvider(provider);
    client = new providerGrpc.ResourceProviderClient(`127.0.0.1:${served.port}`, grpc.credentials.createInsecure());
  });
  afterAll(() => {
    client.close();
    served.close();
  });

  const ask = <Response>(send: (done: (error: grpc.ServiceError | null, response: Response) => void) => void) =>
    new Promise<Response>((resolve, reject) => send((error, response) => (error ? reject(error) : resolve(response))));

  const check = async (news: Properties, olds?: Properties): Promise<unknown> => {
    const request = new providerPb.CheckRequest();
    request.setUrn(urn);
    request.setNews(struct(news));
    request.setRandomseed(new Uint8Array([0xab, 0xcd, 0xef, 0x12]));
    if (olds !== undefined) request.setOlds(struct(olds));
    const response = await ask<InstanceType<typeof providerPb.CheckResponse>>((done) => client.check(request, done));
    return response.getInputs()?.toJavaScript();
  };

  const diff = async (olds: Properties, news: Properties, ignored: string[] = []) => {
    const request = new providerPb.DiffRequest();
    request.setUrn(urn);
    request.setOldInputs(struct(olds));
    request.setNews(struct(news));
    request.setIgnorechangesList(ignored);
    const response = await ask<InstanceType<typeof providerPb.DiffResponse>>((done) => client.diff(request, done));
    return { changes: response.getChanges(), diffs: response.getDiffsList(), replaces: response.getReplacesList() };
  };

  const create = async (inputs: Properties, preview: boolean) => {
    const request = new providerPb.CreateRequest();
    request.setUrn(urn);
    request.setProperties(struct(inputs));
    request.setPreview(preview);
    const response = await ask<InstanceType<typeof providerPb.CreateResponse>>((done) => client.create(request, done));
    return { id: response.getId(), properties: response.getProperties()?.toJavaScript() };
  };

  test("generates a name that the program left out, by the engine's seed, and keeps it", async () => {
    expect(await check({ kind: "good" })).toEqual({ kind: "good", title: "it-abcdef1" });
    expect(await check({ kind: "good" }, { title: "it-old" })).toEqual({ kind: "good", title: "it-old" });
  });

  test("says which inputs changed and which of them replace", async () => {
    expect(await diff({ kind: "a", label: "x" }, { kind: "a", label: "x" })).toEqual({
      ...{ changes: 1, diffs: [], replaces: [] },
    });
    expect(await diff({ kind: "a", label: "x" }, { kind: "b", label: "y" })).toEqual({
      ...{ changes: 2, diffs: ["kind", "label"], replaces: ["kind"] },
    });
    expect(await diff({ label: "x" }, { label: "y" }, ["label"])).toMatchObject({ changes: 1 });
    expect(await diff({ kind: "a" }, { kind: UNKNOWN })).toMatchObject({ replaces: ["kind"] });
  });

  test("refuses inputs that exclude each other, in the real provider's words", async () => {
    const request = new providerPb.CheckRequest();
    request.setUrn(urn);
    request.setNews(struct({ onlyThis: true, orThat: "x" }));
    const response = await ask<InstanceType<typeof providerPb.CheckResponse>>((done) => client.check(request, done));
    expect(response.getFailuresList().map((one) => [one.getProperty(), one.getReason()])).toEqual([
      ["onlyThis", 'Conflicting configuration arguments: "only_this": conflicts with or_that'],
    ]);
  });

  test("compares the inputs with the state if the provider does, and replaces accordingly", async () => {
    const differs = async (status: string) => {
      const request = new providerPb.DiffRequest();
      request.setUrn(urn);
      request.setOlds(struct({ kind: "a", status }));
      request.setOldInputs(struct({ kind: "a", status: "ACTIVE" }));
      request.setNews(struct({ kind: "a", status: "ACTIVE" }));
      const response = await ask<InstanceType<typeof providerPb.DiffResponse>>((done) => client.diff(request, done));
      return [response.getDiffsList(), response.getReplacesList()];
    };
    expect(await differs("ACTIVE")).toEqual([[], []]);
    expect(await differs("INACTIVE")).toEqual([["status"], []]);
    expect(await differs("INVALID")).toEqual([["status"], ["status"]]);
  });

  test("gives the engine a partly created resource, with the reason", async () => {
    const failure: unknown = await create({ kind: "half" }, false).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: grpc.status.UNKNOWN, details: "the lid is missing" });
    const { metadata } = failure as grpc.ServiceError;
    const [details] = metadata.get("grpc-status-details-bin");
    const [any] = statusPb.Status.deserializeBinary(Buffer.from(details ?? "")).getDetailsList();
    expect(any?.getTypeName()).toBe("pulumirpc.ErrorResourceInitFailed");
    const detail = providerPb.ErrorResourceInitFailed.deserializeBinary(any?.getValue_asU8() ?? new Uint8Array());
    expect([detail.getId(), detail.getReasonsList(), detail.getProperties()?.toJavaScript()]).toEqual([
      "t2",
      ["the lid is missing"],
      { kind: "half", serial: "s2" },
    ]);
  });

  test("answers an import with the inputs that declare the resource, and the id for the state", async () => {
    const read = async (id: string) => {
      const request = new providerPb.ReadRequest();
      request.setUrn(urn);
      request.setId(id);
      return ask<InstanceType<typeof providerPb.ReadResponse>>((done) => client.read(request, done));
    };
    const found = await read("shelf/t9");
    expect([found.getId(), found.getInputs()?.toJavaScript(), found.getProperties()?.toJavaScript()]).toEqual([
      "t9",
      { kind: "good" },
      { kind: "good", serial: "s9" },
    ]);
    expect((await read("shelf/none")).getId()).toBe("");
  });

  test("compares code by its hash, since the engine leaves out what it remembers", async () => {
    expect(await diff({ code: archive(undefined, "h1") }, { code: archive("code", "h1") })).toMatchObject({
      changes: 1,
    });
    expect(await diff({ code: archive(undefined, "h1") }, { code: archive("new", "h2") })).toMatchObject({
      changes: 2,
    });
  });

  test("leaves values of a real resource unknown in a preview", async () => {
    const before = received.length;
    expect(await create({ kind: "good" }, true)).toEqual({ id: "", properties: { kind: "good", serial: UNKNOWN } });
    expect(received).toHaveLength(before);
  });

  test("gives a stand-in the files, and returns the engine's own archive", async () => {
    const code = archive("export {}", "h1");
    expect(await create({ code }, false)).toEqual({ id: "t1", properties: { code, serial: "s1" } });
    expect(received.at(-1)?.["code"]).toEqual(new Archive(new Map([["index.mjs", "export {}"]])));
  });

  test("a refusal reaches the engine as a plain message", async () => {
    await expect(create({ kind: "bad" }, false)).rejects.toMatchObject({
      details: "kind bad is not allowed; use good",
    });
  });

  test("a refresh adopts outside changes, and detects deleted resources", async () => {
    const read = async (id: string) => {
      const request = new providerPb.ReadRequest();
      request.setUrn(urn);
      request.setId(id);
      request.setInputs(struct({ label: "mine", note: "as declared" }));
      request.setProperties(struct({ label: "mine", note: "AS DECLARED", serial: "s1" }));
      const response = await ask<InstanceType<typeof providerPb.ReadResponse>>((done) => client.read(request, done));
      return { id: response.getId(), inputs: response.getInputs()?.toJavaScript() };
    };
    world.set("t1", { label: "by hand" });
    expect(await read("t1")).toEqual({ id: "t1", inputs: { label: "by hand", note: "as declared" } });
    expect(await read("t2")).toEqual({ id: "", inputs: undefined });
  });

  test("answers functions, and names unknown ones in its refusal", async () => {
    const invoke = async (token: string) => {
      const request = new providerPb.InvokeRequest();
      request.setTok(token);
      request.setArgs(struct({ who: "you" }));
      const response = await ask<InstanceType<typeof providerPb.InvokeResponse>>((done) =>
        client.invoke(request, done),
      );
      return response.getReturn()?.toJavaScript();
    };
    expect(await invoke("fake:index:greet")).toEqual({ text: "hello you" });
    await expect(invoke("fake:index:absent")).rejects.toMatchObject({
      details: "the sandbox has no function fake:index:absent",
    });
  });
});
