import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import { vi } from "vitest";
import { decodeRecord, type Values } from "../../../sandbox/engine/values.ts";
import { PUBLIC_KEY } from "./kms.ts";
import { orgGroups, searchGroups } from "./org.ts";

/** One resource as the program requests it from the engine, with its inputs and options. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  /** Logical name of the parent; empty at the root. */
  readonly parent: string;
  readonly inputs: Values;
  /** Logical names of the resources that this one depends on. A destroy deletes this one first. */
  readonly after: readonly string[];
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly deleteBeforeReplace: boolean;
  readonly ignoreChanges: readonly string[];
  /** Whether it replaces a resource of the same name at the root of the stack (`pulumi import`). */
  readonly adoptsFromRoot: boolean;
}

export interface Program {
  readonly registrations: readonly Registration[];
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly secretOutputs: readonly string[];
  /** Tokens of the functions that were called. */
  readonly invokes: readonly string[];
}

type Monitor = {
  registerResource(request: RegisterResourceRequest, callback: (error: unknown, response: unknown) => void): unknown;
};

const nameOf = (urn: string): string => urn.split("::").at(-1) ?? "";

const read = (request: RegisterResourceRequest): Registration => ({
  type: request.getType(),
  name: request.getName(),
  parent: nameOf(request.getParent()),
  inputs: decodeRecord(request.getObject()?.toJavaScript() ?? {}),
  after: request.getDependenciesList().map(nameOf).sort(),
  protect: request.getProtect() ?? false,
  retainOnDelete: request.getRetainondelete() ?? false,
  deleteBeforeReplace: request.getDeletebeforereplace(),
  ignoreChanges: request.getIgnorechangesList(),
  adoptsFromRoot: request.getAliasesList().some((alias) => alias.getSpec()?.getNoparent() === true),
});

/** What the program's functions return. */
function answerOf(token: string, inputs: Values, features: readonly string[]): Values {
  if (token === "okta:index/getGroups:getGroups")
    return { id: "found", groups: searchGroups(orgGroups, inputs["search"]) };
  if (token === "okta:app/getSaml:getSaml") return { ...inputs, features };
  if (token === "okta:index/getApps:getApps") return { id: "found", apps: [{ id: "0oaCatalogue", features }] };
  if (token === "okta:user/getUserProfileMappingSource:getUserProfileMappingSource") return { id: "otyUser" };
  if (token === "pulumi:pulumi:readStackOutputs") return { ...inputs, outputs: {} };
  if (token === "aws:kms/getPublicKey:getPublicKey") return { ...inputs, publicKey: PUBLIC_KEY };
  if (token === "aws:index/getRegion:getRegion") return { region: "us-east-1" };
  throw new Error(`the program calls ${token}, which this test does not answer`);
}

/**
 * Runs the real program in this process under Pulumi's mocks and reads each request for a resource. Pulumi's state is
 * global, so that one program runs at a time.
 */
export async function runProgram(config: Readonly<Record<string, unknown>>, features: string[] = []): Promise<Program> {
  const invokes: string[] = [];
  const appId = (type: string): string => (type.startsWith("okta:app/saml") ? "0oaSaml" : "0oaCatalogue");
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        const id = /^okta:app\/(saml|autoLogin)/.test(type) ? appId(type) : `${name}-id`;
        const made = {
          name,
          apiEndpoint: "https://api.example.com",
          arn: `arn:${name}`,
          executionArn: "arn",
          streamArn: `arn:${name}/stream`,
          url: `https://sqs.example.com/${name}`,
          result: `t0ken-of-${name}`,
          version: 7,
          hex: `id-of-${name}`,
          fqdn: "proof.example.com",
          certificateArn: "arn:certificate",
          domainValidationOptions: [
            { resourceRecordName: "_proof", resourceRecordType: "CNAME", resourceRecordValue: "value" },
          ],
        };
        const state: Values = { status: "ACTIVE", ...made, ...(inputs as Values) };
        if (type === "aws:apigatewayv2/domainName:DomainName") {
          const target = { targetDomainName: "target.example.com", hostedZoneId: "ZTARGET" };
          state["domainNameConfiguration"] = {
            ...(inputs as Record<string, object>)["domainNameConfiguration"],
            ...target,
          };
        }
        return { id, state };
      },
      call: ({ token, inputs }: { token: string; inputs: Values }) => {
        invokes.push(token);
        return answerOf(token, inputs, features);
      },
    },
    "okta-scim-directory",
    "test",
    false,
  );
  const registrations: Registration[] = [];
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    registrations.push(read(request));
    return register(request, callback);
  };
  const entries = Object.entries({ tenant: "acme", ...config }).map(([key, value]): [string, string] => [
    `okta-scim-directory:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  pulumi.runtime.setAllConfig({ "aws:region": "us-east-1", ...Object.fromEntries(entries) });
  vi.resetModules();
  const { default: exported } = await import("../../../index.ts");
  const outputs: Record<string, unknown> = {};
  const secretOutputs: string[] = [];
  for (const [name, value] of Object.entries(exported)) {
    const output: pulumi.Output<unknown> = pulumi.output<unknown>(value);
    outputs[name] = await new Promise((resolve) => void output.apply(resolve));
    if (await pulumi.isSecret(output)) secretOutputs.push(name);
  }
  // The components' own outputs are registered last. They must not reach the next program.
  await pulumi.runtime.disconnect();
  return { registrations, outputs, secretOutputs, invokes };
}
