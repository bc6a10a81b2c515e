import { createHash, randomUUID } from "node:crypto";
import { z } from "zod";
import type { Credentials, Roles } from "../iam/roles.ts";
import type { FunctionHost } from "./functionHost.ts";
import { functionNameOf, type Permissions } from "./permissions.ts";
import type { Place } from "../support/place.ts";
import { Archive, type Properties, type ResourceHandler } from "../../engine/provider.ts";
import { readInputs } from "../support/read.ts";

const functionInputs = z.looseObject({
  name: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "a function's name has 1 to 64 letters, digits, - and _"),
  role: z.string(),
  code: z.instanceof(Archive, { error: "the sandbox runs functions whose code is an archive in the program" }),
  handler: z.string().default(""),
  runtime: z.string().default(""),
  memorySize: z.number().default(128),
  timeout: z.number().default(3),
  reservedConcurrentExecutions: z.number().default(-1),
  environment: z.object({ variables: z.record(z.string(), z.string()).optional() }).optional(),
});

const permissionInputs = z.looseObject({
  statementId: z.string().optional(),
  action: z.string(),
  function: z.string(),
  principal: z.string(),
  sourceArn: z.string().optional(),
});

export interface LambdaParts {
  readonly roles: Roles;
  readonly functions: FunctionHost;
  readonly permissions: Permissions;
}

/** Functions that run on this machine, and their resource policies. */
export function lambdaResources(place: Place, parts: LambdaParts): Record<string, ResourceHandler> {
  return {
    "aws:lambda/function:Function": lambdaFunction(place, parts),
    "aws:lambda/permission:Permission": permission(parts),
  };
}

/** Access keys of each function's role. A redeployment keeps them. */
type IssuedKeys = Map<string, { readonly role: string; readonly keys: Credentials }>;

function credentialsOf(roles: Roles, issued: IssuedKeys, functionName: string, roleArn: string): Credentials {
  const role = roles.byArn(roleArn);
  if (role === undefined || !role.trust.includes("lambda.amazonaws.com")) {
    throw new Error(
      `InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda. (${roleArn})`,
    );
  }
  const known = issued.get(functionName);
  if (known?.role === role.name) return known.keys;
  const keys = roles.issue(role.name, functionName);
  issued.set(functionName, { role: role.name, keys });
  return keys;
}

/** Deploys a function. @returns the outputs that AWS adds to its inputs */
function deploy({ account, region }: Place, parts: LambdaParts, issued: IssuedKeys, inputs: Properties): Properties {
  const declared = readInputs(functionInputs, inputs);
  const { name, code, handler, runtime, memorySize, timeout, reservedConcurrentExecutions: reserved } = declared;
  const arn = `arn:aws:lambda:${region}:${account}:function:${name}`;
  parts.functions.deploy({
    name,
    arn,
    code,
    handler,
    runtime,
    memorySize,
    timeout,
    reservedConcurrency: reserved < 0 ? undefined : reserved,
    environment: declared.environment?.variables ?? {},
    credentials: credentialsOf(parts.roles, issued, name, declared.role),
  });
  const invoke = (target: string): string =>
    `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${target}/invocations`;
  const codeSha256 = hashOf(code);
  return {
    memorySize,
    timeout,
    arn,
    qualifiedArn: `${arn}:$LATEST`,
    invokeArn: invoke(arn),
    qualifiedInvokeArn: invoke(`${arn}:$LATEST`),
    version: "$LATEST",
    lastModified: new Date().toISOString(),
    codeSha256,
    sourceCodeHash: codeSha256,
    sourceCodeSize: [...code.files.values()].reduce((sum, content) => sum + Buffer.byteLength(content), 0),
  };
}

function lambdaFunction(place: Place, parts: LambdaParts): ResourceHandler {
  const { functions, permissions } = parts;
  const issued: IssuedKeys = new Map();
  return {
    autoName: "name",
    computed: [
      ...["arn", "qualifiedArn", "invokeArn", "qualifiedInvokeArn", "version"],
      ...["lastModified", "codeSha256", "sourceCodeHash", "sourceCodeSize"],
    ],
    replaces: ["name", "packageType"],
    async create(inputs) {
      const { name } = readInputs(functionInputs, inputs);
      if (functions.has(name)) throw new Error(`ResourceConflictException: Function already exist: ${name}`);
      return { id: name, outputs: { ...inputs, ...deploy(place, parts, issued, inputs) } };
    },
    read: async (id, state) => (functions.has(id) ? state : undefined),
    update: async (_id, _state, inputs) => ({ ...inputs, ...deploy(place, parts, issued, inputs) }),
    async delete(id) {
      await functions.remove(id);
      issued.delete(id);
      // The resource policy belongs to the function and is deleted with it.
      for (const [key, { functionName }] of permissions) {
        if (functionName === id) permissions.delete(key);
      }
    },
  };
}

function permission({ functions, permissions }: LambdaParts): ResourceHandler {
  return {
    computed: ["statementId"],
    replaces: ["action", "function", "principal", "sourceArn", "sourceAccount", "statementId", "qualifier"],
    async create(inputs) {
      const declared = readInputs(permissionInputs, inputs);
      const functionName = functionNameOf(declared.function);
      if (!functions.has(functionName))
        throw new Error(`ResourceNotFoundException: Function not found: ${declared.function}`);
      const { action, principal, sourceArn, statementId = `sandbox-${randomUUID()}` } = declared;
      const key = `${functionName}/${statementId}`;
      if (permissions.has(key))
        throw new Error(`ResourceConflictException: The statement id (${statementId}) provided already exists.`);
      permissions.set(key, { action, functionName, principal, sourceArn });
      return { id: statementId, outputs: { ...inputs, statementId } };
    },
    read: async (id, state) => (permissions.has(keyOf(id, state)) ? state : undefined),
    update: async (_id, state, inputs) => ({ ...state, ...inputs }),
    delete: async (id, state) => void permissions.delete(keyOf(id, state)),
  };
}

const keyOf = (id: string, state: Properties): string =>
  `${functionNameOf(readInputs(permissionInputs, state).function)}/${id}`;

function hashOf(code: Archive): string {
  const hash = createHash("sha256");
  for (const [path, content] of [...code.files].sort()) hash.update(JSON.stringify([path, content]));
  return hash.digest("base64");
}
