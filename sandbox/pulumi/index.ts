import { existsSync } from "node:fs";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { startCloud, type Cloud } from "../aws/index.ts";
import { startOrg, type Org } from "../okta/index.ts";
import type { Provider } from "../engine/provider.ts";
import { randomProvider } from "../engine/random.ts";
import { createClosers } from "../support/closers.ts";
import { serveProvider } from "./providerService.ts";

export interface StandIns {
  readonly cloud: Cloud;
  readonly org: Org;
  /**
   * The environment that the `pulumi` command in `binaries` needs to work with the stand-ins and a state of its own.
   */
  readonly env: Readonly<Record<string, string>>;
  /** Folder of the state, with a `.pulumi` inside. */
  readonly stateFolder: string;
  close(): Promise<void>;
}

/** The user's environment variables that lead to real accounts or other installations. */
const foreign = /^(AWS_|OKTA_|PULUMI_|npm_)/;

export interface StandInOptions {
  /** Folder of the `pulumi` command. */
  readonly binaries: string;
  /** Lets a test intercept the calls between the engine and a provider. */
  readonly wrap?: (provider: Provider) => Provider;
  /** Receives the lines that the tenants' functions write. */
  readonly onLog?: (line: string) => void;
}

/**
 * The cloud and the org of this machine, served to Pulumi's own engine. Nothing is downloaded; the state is in a
 * folder.
 */
export async function startStandIns(options: StandInOptions): Promise<StandIns> {
  const { binaries, wrap = (provider: Provider) => provider, onLog } = options;
  const closers = createClosers();
  try {
    const folder = await mkdtemp(join(tmpdir(), "okta-scim-pulumi-"));
    closers.add(() => rm(folder, { recursive: true, force: true }));
    const cloud = await startCloud({ port: 0, onLog: ({ line }) => onLog?.(line) });
    closers.add(() => cloud.close());
    const org = await startOrg({});
    closers.add(() => org.close());
    const attached: string[] = [];
    for (const provider of [cloud.provider, org.provider, randomProvider()]) {
      const served = await serveProvider(wrap(provider));
      closers.add(() => served.close());
      attached.push(`${provider.package}:${served.port}`);
    }
    const path = [binaries, await languageHostFolder(binaries, folder), process.env["PATH"]];
    const env = {
      ...Object.fromEntries(
        Object.entries(process.env).flatMap(([key, value]) =>
          value === undefined || foreign.test(key) ? [] : [[key, value]],
        ),
      ),
      PATH: path.filter((part) => part !== undefined).join(delimiter),
      PULUMI_BIN: binaries,
      PULUMI_HOME: join(folder, "home"),
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_CONFIG_PASSPHRASE: "only for this machine",
      PULUMI_DEBUG_PROVIDERS: attached.join(","),
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "true",
    };
    return { cloud, org, env, stateFolder: folder, close: () => closers.close() };
  } catch (error) {
    await closers.close();
    throw error;
  }
}

/** A folder with `pulumi-language-nodejs`, for a CLI that comes without it. */
async function languageHostFolder(binaries: string, folder: string): Promise<string | undefined> {
  const name = "pulumi-language-nodejs";
  if (existsSync(join(binaries, name))) return undefined;
  const main = fileURLToPath(new URL("languageHostMain.ts", import.meta.url));
  const watch = fileURLToPath(new URL("../engine/watchParent.mjs", import.meta.url));
  const command = [process.execPath, "--import", watch, "--import", import.meta.resolve("tsx"), main];
  const script = `#!/bin/sh\nexec ${command.map((part) => `'${part}'`).join(" ")} "$@"\n`;
  await writeFile(join(folder, name), script);
  await chmod(join(folder, name), 0o755);
  return folder;
}
