import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import * as grpc from "@grpc/grpc-js";
import analyzerRpc from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import analyzer from "@pulumi/pulumi/proto/analyzer_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { encodeRecord } from "../../../sandbox/engine/values.ts";

/** A resource of a program, as Pulumi gives it to a policy pack: inputs before it is made, outputs afterwards. */
export interface Declared {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly parent?: string | undefined;
  readonly protect: boolean;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Default: the inputs. */
  readonly outputs?: Readonly<Record<string, unknown>>;
}

export interface Finding {
  readonly rule: string;
  readonly urn: string;
  readonly message: string;
  readonly description: string;
  /** Whether the finding fails the deployment. */
  readonly mandatory: boolean;
}

/** The policy pack in a process of its own, started and asked as Pulumi's engine does. */
export interface Analyzer {
  /** Names and descriptions of its policies. */
  policies(): Promise<{ name: string; description: string }[]>;
  judge(program: readonly Declared[]): Promise<Finding[]>;
  stop(): Promise<void>;
}

const path = (name: string): string => fileURLToPath(new URL(`../../../${name}`, import.meta.url));

export async function startAnalyzer(): Promise<Analyzer> {
  const runner = path("node_modules/@pulumi/pulumi/cmd/run-policy-pack/index.js");
  const child = spawn(process.execPath, [runner, "127.0.0.1:1", path("policy")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const port = await firstLine(child);
  const client = new analyzerRpc.AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  return {
    async policies() {
      const info = await ask<analyzer.AnalyzerInfo>((done) => client.getAnalyzerInfo(new empty.Empty(), done));
      return info.getPoliciesList().map((policy) => ({ name: policy.getName(), description: policy.getDescription() }));
    },
    async judge(program) {
      const found: Finding[] = [];
      for (const resource of program) {
        const answer = await ask<analyzer.AnalyzeResponse>((done) => client.analyze(requestOf(resource), done));
        found.push(...findingsOf(answer, resource.urn));
      }
      const request = new analyzer.AnalyzeStackRequest();
      request.setResourcesList(program.map(stackResourceOf));
      return [...found, ...findingsOf(await ask((done) => client.analyzeStack(request, done)), "")];
    },
    async stop() {
      client.close();
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill();
      await ended;
    },
  };
}

const firstLine = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the policy pack ended with code ${code ?? "none"}`)));
    if (child.stdout) createInterface(child.stdout).once("line", resolve);
  });

const ask = <T>(call: (done: (error: grpc.ServiceError | null, answer: T) => void) => unknown): Promise<T> =>
  new Promise((resolve, reject) => {
    call((error, answer) => (error === null ? resolve(answer) : reject(error)));
  });

function optionsOf({ protect, parent }: Declared): analyzer.AnalyzerResourceOptions {
  const options = new analyzer.AnalyzerResourceOptions();
  options.setProtect(protect);
  if (parent !== undefined) options.setParent(parent);
  return options;
}

function requestOf(resource: Declared): analyzer.AnalyzeRequest {
  const request = new analyzer.AnalyzeRequest();
  request.setType(resource.type);
  request.setName(resource.name);
  request.setUrn(resource.urn);
  request.setProperties(struct.Struct.fromJavaScript(encodeRecord(resource.inputs)));
  request.setOptions(optionsOf(resource));
  return request;
}

function stackResourceOf(resource: Declared): analyzer.AnalyzerResource {
  const one = new analyzer.AnalyzerResource();
  one.setType(resource.type);
  one.setName(resource.name);
  one.setUrn(resource.urn);
  one.setProperties(struct.Struct.fromJavaScript(encodeRecord(resource.outputs ?? resource.inputs)));
  one.setOptions(optionsOf(resource));
  if (resource.parent !== undefined) one.setParent(resource.parent);
  return one;
}

const findingsOf = (answer: analyzer.AnalyzeResponse, urn: string): Finding[] =>
  answer.getDiagnosticsList().map((one) => ({
    rule: one.getPolicyname(),
    urn: one.getUrn() === "" ? urn : one.getUrn(),
    // Pulumi puts the description of the rule before what the rule says.
    message: one.getMessage().replace(`${one.getDescription()}\n`, ""),
    description: one.getDescription(),
    mandatory: one.getEnforcementlevel() === analyzer.EnforcementLevel.MANDATORY,
  }));
