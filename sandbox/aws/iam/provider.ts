import { randomBytes } from "node:crypto";
import { z } from "zod";
import { parsePolicy, type Policy } from "./policy.ts";
import type { Role, Roles } from "./roles.ts";
import type { Place } from "../support/place.ts";
import type { Properties, ResourceHandler } from "../../engine/provider.ts";
import { readInputs } from "../support/read.ts";

const document = z.union([z.string(), z.record(z.string(), z.unknown())]);
const roleInputs = z.looseObject({
  name: z.string().regex(/^[\w+=,.@-]{1,64}$/, "a role's name has 1 to 64 letters, digits and +=,.@-_"),
  assumeRolePolicy: document,
  path: z.string().default("/"),
});
const rolePolicyInputs = z.looseObject({ name: z.string(), role: z.string(), policy: document });

const asText = (policy: z.infer<typeof document>): string =>
  typeof policy === "string" ? policy : JSON.stringify(policy);

export function iamResources(place: Place, roles: Roles): Record<string, ResourceHandler> {
  return { "aws:iam/role:Role": role(place, roles), "aws:iam/rolePolicy:RolePolicy": rolePolicy(roles) };
}

function role({ account }: Place, roles: Roles): ResourceHandler {
  const put = (inputs: Properties): Role => {
    const { name, path, assumeRolePolicy } = readInputs(roleInputs, inputs);
    const made: Role = {
      name,
      arn: `arn:aws:iam::${account}:role${path}${name}`,
      trust: asText(assumeRolePolicy),
      policies: roles.get(name)?.policies ?? new Map<string, Policy>(),
    };
    roles.put(made);
    return made;
  };
  return {
    autoName: "name",
    computed: ["arn", "uniqueId", "createDate"],
    replaces: ["name", "path"],
    async create(inputs) {
      const { name } = readInputs(roleInputs, inputs);
      if (roles.get(name)) throw new Error(`EntityAlreadyExists: Role with name ${name} already exists.`);
      const { arn } = put(inputs);
      const uniqueId = `AROA${randomBytes(8).toString("hex").toUpperCase()}`;
      return { id: name, outputs: { ...inputs, arn, uniqueId, createDate: new Date().toISOString() } };
    },
    read: async (id, state) => (roles.get(id) ? state : undefined),
    async update(_id, state, inputs) {
      put(inputs);
      const { arn, uniqueId, createDate } = state;
      return { ...inputs, arn, uniqueId, createDate };
    },
    delete: async (id) => roles.remove(id),
  };
}

function rolePolicy(roles: Roles): ResourceHandler {
  const put = (inputs: Properties): string => {
    const { name, role, policy } = readInputs(rolePolicyInputs, inputs);
    const found = roles.get(role);
    if (found === undefined) throw new Error(`NoSuchEntity: The role with name ${role} cannot be found.`);
    found.policies.set(name, parsePolicy(policy));
    return `${role}:${name}`;
  };
  return {
    autoName: "name",
    computed: [],
    replaces: ["name", "role"],
    create: async (inputs) => ({ id: put(inputs), outputs: { ...inputs } }),
    async read(_id, state) {
      const { name, role } = readInputs(rolePolicyInputs, state);
      return roles.get(role)?.policies.has(name) ? state : undefined;
    },
    async update(_id, _state, inputs) {
      put(inputs);
      return { ...inputs };
    },
    async delete(_id, state) {
      const { name, role } = readInputs(rolePolicyInputs, state);
      roles.get(role)?.policies.delete(name);
    },
  };
}
