import { spawn, type ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type * as grpc from "@grpc/grpc-js";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import languageGrpc from "@pulumi/pulumi/proto/language_grpc_pb.js";
import languagePb from "@pulumi/pulumi/proto/language_pb.js";
import pluginPb from "@pulumi/pulumi/proto/plugin_pb.js";
import { listen, unary, type Served } from "../engine/grpc.ts";
import { messageOf } from "../support/errors.ts";
import { isRecord } from "../../operations/live/isRecord.ts";

type ProgramInfo = InstanceType<typeof languagePb.ProgramInfo>;
type RunRequest = InstanceType<typeof languagePb.RunRequest>;
type RunPluginRequest = InstanceType<typeof languagePb.RunPluginRequest>;
type RunPluginResponse = InstanceType<typeof languagePb.RunPluginResponse>;

/** Exit code of Pulumi's Node runtime if it has already reported the error itself (`cmd/run`). */
const EXPLAINED = 32;

/**
 * Pulumi's language host for Node.js programs and policy packs, for a CLI that comes without one. It starts the runtime
 * that `@pulumi/pulumi` ships; it installs nothing and generates no code.
 * @param engine host:port of the engine that started this host
 */
export async function serveLanguageHost(engine: string): Promise<Served> {
  const children = new Set<ChildProcess>();
  const track = (child: ChildProcess): ChildProcess => {
    children.add(child);
    child.once("close", () => children.delete(child));
    return child;
  };
  const { port, close } = await listen((server) =>
    server.addService(languageGrpc.LanguageRuntimeService, {
      getPluginInfo: unary(() => {
        const response = new pluginPb.PluginInfo();
        response.setVersion("0.0.0");
        return response;
      }),
      getRequiredPackages: unary(() => new languagePb.GetRequiredPackagesResponse()),
      getProgramDependencies: unary(() => new languagePb.GetProgramDependenciesResponse()),
      run: unary((request: RunRequest) => ended(track(startProgram(request, engine)))),
      runPlugin: (call: grpc.ServerWritableStream<RunPluginRequest, RunPluginResponse>) => runPlugin(call, track),
      cancel: unary(() => new emptyPb.Empty()),
    }),
  );
  return {
    port,
    close: () => {
      for (const child of children) child.kill();
      close();
    },
  };
}

function startProgram(request: RunRequest, engine: string): ChildProcess {
  const info = request.getInfo();
  const root = info?.getRootDirectory() ?? request.getPwd();
  const programFolder = info?.getProgramDirectory() ?? request.getPwd();
  const dryRun = String(request.getDryrun());
  return spawn(
    process.execPath,
    [
      ...nodeArguments(info),
      runtimePart(programFolder, "run"),
      ...["--monitor", request.getMonitorAddress(), "--engine", engine],
      ...["--project", request.getProject(), "--stack", request.getStack()],
      ...["--organization", request.getOrganization(), "--pwd", request.getPwd(), "--root-directory", root],
      ...["--dry-run", dryRun, "--parallel", String(request.getParallel()), info?.getEntryPoint() ?? "."],
    ],
    {
      cwd: request.getPwd(),
      stdio: ["ignore", "inherit", "inherit"],
      env: {
        ...process.env,
        PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().entries())),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
        PULUMI_NODEJS_TYPESCRIPT: "false",
        PULUMI_NODEJS_PROJECT: request.getProject(),
        PULUMI_NODEJS_STACK: request.getStack(),
        PULUMI_NODEJS_ORGANIZATION: request.getOrganization(),
        PULUMI_NODEJS_DRY_RUN: dryRun,
      },
    },
  );
}

async function ended(program: ChildProcess): Promise<InstanceType<typeof languagePb.RunResponse>> {
  const code = await new Promise<number | null>((resolve, reject) => {
    program.once("error", reject);
    program.once("close", resolve);
  });
  const response = new languagePb.RunResponse();
  if (code === EXPLAINED) response.setBail(true);
  else if (code !== 0) response.setError(`the program ended with ${code === null ? "a signal" : `code ${code}`}`);
  return response;
}

function runPlugin(
  call: grpc.ServerWritableStream<RunPluginRequest, RunPluginResponse>,
  track: (child: ChildProcess) => ChildProcess,
): void {
  let child: ChildProcess;
  try {
    child = track(startPolicyPack(call.request));
  } catch (error) {
    call.emit("error", { code: 2, details: messageOf(error) });
    return;
  }
  call.once("cancelled", () => void child.kill());
  const send = (fill: (response: RunPluginResponse) => void): void => {
    const response = new languagePb.RunPluginResponse();
    fill(response);
    call.write(response);
  };
  child.stdout?.on("data", (chunk: Buffer) => send((response) => response.setStdout(chunk)));
  child.stderr?.on("data", (chunk: Buffer) => send((response) => response.setStderr(chunk)));
  child.once("close", (code) => {
    send((response) => response.setExitcode(code ?? 1));
    call.end();
  });
}

/** @throws Error for a plugin that is not a policy pack */
function startPolicyPack(request: RunPluginRequest): ChildProcess {
  if (request.getKind() !== "analyzer") throw new Error(`this host runs policy packs, not a ${request.getKind()}`);
  const info = request.getInfo();
  const folder = info?.getProgramDirectory() ?? request.getProgram();
  return spawn(
    process.execPath,
    [...nodeArguments(info), runtimePart(folder, "run-policy-pack"), ...request.getArgsList(), folder],
    {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...Object.fromEntries(request.getEnvList().map(pair)) },
    },
  );
}

/** Folder of a part of Pulumi's Node runtime, as installed for the program or policy pack in `directory`. */
function runtimePart(directory: string, part: "run" | "run-policy-pack"): string {
  const require = createRequire(join(directory, "index.js"));
  return join(dirname(require.resolve("@pulumi/pulumi/package.json")), "cmd", part);
}

function nodeArguments(info: ProgramInfo | undefined): string[] {
  const options: unknown = info?.getOptions()?.toJavaScript();
  const nodeargs = isRecord(options) ? options["nodeargs"] : undefined;
  return typeof nodeargs === "string" ? nodeargs.split(/\s+/).filter((argument) => argument !== "") : [];
}

function pair(assignment: string): [string, string] {
  const at = assignment.indexOf("=");
  return [assignment.slice(0, at), assignment.slice(at + 1)];
}
