import { createHash } from "node:crypto";
import { bundleFunction } from "../../../../components/scimDirectory/bundle.ts";
import { requiredActions } from "../../../../lambda/accessPatterns.ts";
import { directoryTable } from "../../../../lambda/table.ts";
import { readDirectory } from "../../../../sandbox/tenant/directoryView.ts";
import type { Cloud } from "../../../../sandbox/aws/index.ts";
import { Archive } from "../../../../sandbox/engine/provider.ts";
import { create, declareService } from "../aws/stack.ts";
import { TOKEN, asList, asRecord, at } from "./support.ts";

const BASE_PATH = "/api/v1/scim";

/** The function's code as the stack uploads it. */
export async function bundledCode(): Promise<Archive> {
  const assets = asRecord(await bundleFunction().assets);
  return new Archive(new Map([["index.js", String(await asRecord(assets["index.js"])["text"])]]));
}

export interface Person {
  readonly id: string;
  readonly userName: string;
  readonly externalId: string;
  readonly active: boolean;
  readonly title: string | undefined;
  readonly givenName: string;
}

export interface Service {
  readonly baseUrl: string;
  /** The content of the directory. */
  people(): Promise<Person[]>;
  /** Group name → SCIM ids of its members, sorted. */
  groups(): Promise<Map<string, string[]>>;
}

/** The real SCIM service on its own table: gateway, function host with the declared access policy, DynamoDB. */
export async function startService(cloud: Cloud, code: Archive): Promise<Service> {
  const name = "directory";
  const { outputs } = await create(cloud, "aws:dynamodb/table:Table", {
    name,
    billingMode: "PAY_PER_REQUEST",
    hashKey: directoryTable.hashKey,
    rangeKey: directoryTable.rangeKey,
    attributes: directoryTable.attributes.map((attribute) => ({ ...attribute })),
  });
  const baseUrl = `${cloud.gatewayUrl}${BASE_PATH}`;
  const sha256 = createHash("sha256").update(TOKEN).digest("hex");
  await declareService(cloud, name, {
    code,
    routeKey: `ANY ${BASE_PATH}/{proxy+}`,
    function: {
      environment: {
        variables: {
          TABLE_NAME: name,
          BASE_URL: baseUrl,
          TOKEN_HASHES: JSON.stringify([{ generation: 1, sha256 }]),
          ATTRIBUTES: JSON.stringify("iru"),
        },
      },
    },
  });
  const statement = { Effect: "Allow", Action: requiredActions, Resource: outputs["arn"] };
  const policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  await create(cloud, "aws:iam/rolePolicy:RolePolicy", { name, role: name, policy });
  const all = async (path: string): Promise<unknown[]> => {
    const headers = { authorization: `Bearer ${TOKEN}` };
    const response = await fetch(`${baseUrl}/${path}?startIndex=1&count=200`, { headers });
    return asList(asRecord(await response.json())["Resources"]);
  };
  return {
    baseUrl,
    people: async () =>
      (await all("Users")).map((user) => {
        const title = asRecord(user)["title"];
        return {
          id: at(user, "id"),
          userName: at(user, "userName"),
          externalId: at(user, "externalId"),
          active: asRecord(user)["active"] === true,
          title: typeof title === "string" ? title : undefined,
          givenName: at(user, "name", "givenName"),
        };
      }),
    groups: async () => {
      const { groups } = await readDirectory(baseUrl, TOKEN);
      return new Map(groups.map(({ displayName, members }) => [displayName, members.map(({ value }) => value).sort()]));
    },
  };
}
