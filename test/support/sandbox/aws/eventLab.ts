import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { randomUUID } from "node:crypto";
import { startDynamoDb } from "../../../../sandbox/aws/dynamodb/engine.ts";
import { dynamodbResources } from "../../../../sandbox/aws/dynamodb/provider.ts";
import { Tables } from "../../../../sandbox/aws/dynamodb/tables.ts";
import {
  createEventServices,
  endpointVariables,
  type EventFreedoms,
  type EventServices,
} from "../../../../sandbox/aws/eventServices.ts";
import type { Denial } from "../../../../sandbox/aws/iam/authorize.ts";
import { iamResources } from "../../../../sandbox/aws/iam/provider.ts";
import { Roles } from "../../../../sandbox/aws/iam/roles.ts";
import { createFunctionHost, type FunctionHost } from "../../../../sandbox/aws/lambda/functionHost.ts";
import { lambdaResources } from "../../../../sandbox/aws/lambda/provider.ts";
import type { Permissions } from "../../../../sandbox/aws/lambda/permissions.ts";
import type { Created, Properties, ResourceHandler } from "../../../../sandbox/engine/provider.ts";
import { codeOf, TRUST } from "./stack.ts";

/** The settings of an SDK client that calls the services as a function does. */
export interface CallerConfig {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts: number;
}

/** The services for events, a DynamoDB and functions, without an API. */
export interface EventLab {
  readonly services: EventServices;
  readonly functions: FunctionHost;
  /** The engine itself. */
  readonly dynamodb: DynamoDBClient;
  readonly denials: Denial[];
  /** The lines that functions wrote, parsed. */
  readonly lines: unknown[];
  freedoms: EventFreedoms | undefined;
  /** Milliseconds by which the clock of the services is ahead. */
  ahead: number;
  handler(type: string): ResourceHandler;
  create(type: string, inputs: Properties): Promise<Created>;
  /** A role with these statements. @returns its ARN */
  role(...statements: object[]): Promise<string>;
  /** The credentials and the address of a function with these statements. */
  caller(...statements: object[]): Promise<CallerConfig>;
  /** Deploys a function whose role has these statements. @returns its name */
  deploy(code: string, ...statements: object[]): Promise<string>;
  close(): Promise<void>;
}

export const allow = (Resource: string, ...Action: string[]): object => ({ Effect: "Allow", Action, Resource });

const place = { account: "000000000000", region: "us-east-1" };

export async function startEventLab(): Promise<EventLab> {
  const engine = await startDynamoDb();
  const credentials = { accessKeyId: "lab", secretAccessKey: "lab" };
  const dynamodb = new DynamoDBClient({ region: place.region, endpoint: engine.endpoint, credentials });
  const roles = new Roles();
  const lines: unknown[] = [];
  const denials: Denial[] = [];
  const functions = createFunctionHost({
    ...place,
    endpoint: engine.endpoint,
    addresses: () => endpointVariables(lab.services.endpoint.url),
    internet: () => lab.services.internet.access,
    onLog: ({ line }) => void lines.push(line.startsWith("{") || line.startsWith("[") ? JSON.parse(line) : line),
  });
  const permissions: Permissions = new Map();
  const services = createEventServices({
    ...{ ...place, dynamodb: engine.endpoint, roles, functions, permissions },
    now: () => Date.now() + lab.ahead,
    freedoms: () => lab.freedoms,
    onDenied: (denial) => denials.push(denial),
  });
  const tables = new Tables(dynamodb);
  const resources: Readonly<Record<string, ResourceHandler>> = {
    ...iamResources(place, roles),
    ...lambdaResources(place, { roles, functions, permissions }),
    ...dynamodbResources(place, tables, services.streams),
    ...services.resources,
  };
  const lab: EventLab = {
    ...{ services, functions, dynamodb, denials, lines, freedoms: undefined, ahead: 0 },
    handler: (type) => {
      const found = resources[type];
      if (found === undefined) throw new Error(`no such type: ${type}`);
      return found;
    },
    create: (type, inputs) => lab.handler(type).create(inputs),
    async role(...statements) {
      const name = `role-${randomUUID()}`;
      const { arn } = (await lab.create("aws:iam/role:Role", { name, assumeRolePolicy: TRUST })).outputs;
      const policy = { Version: "2012-10-17", Statement: statements };
      if (statements.length > 0)
        await lab.create("aws:iam/rolePolicy:RolePolicy", { name: "inline", role: name, policy });
      return String(arn);
    },
    async caller(...statements) {
      const name = (await lab.role(...statements)).replace(/^.*\//, "");
      const endpoint = await services.endpoint.open();
      return { region: place.region, endpoint, credentials: roles.issue(name, "fn"), maxAttempts: 1 };
    },
    async deploy(code, ...statements) {
      const name = `fn-${randomUUID()}`;
      await lab.create("aws:lambda/function:Function", {
        ...{ name, role: await lab.role(...statements), runtime: "nodejs24.x", handler: "index.handler" },
        ...{ code: codeOf(code), timeout: 29, memorySize: 256 },
      });
      return name;
    },
    async close() {
      await services.close();
      await functions.close();
      dynamodb.destroy();
      await engine.close();
    },
  };
  return lab;
}
