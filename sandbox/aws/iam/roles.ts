import { randomBytes } from "node:crypto";
import type { Policy } from "./policy.ts";

export interface Role {
  readonly name: string;
  readonly arn: string;
  /** Text of the policy that says who may assume the role. */
  readonly trust: string;
  /** Inline policies by name. */
  readonly policies: Map<string, Policy>;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The role session that an access key belongs to. */
export interface Identity {
  readonly role: Role;
  readonly session: string;
}

/** The roles of the account and the keys that were issued for them. */
export class Roles {
  readonly #roles = new Map<string, Role>();
  readonly #keys = new Map<string, { role: string; session: string }>();

  put(role: Role): void {
    this.#roles.set(role.name, role);
  }

  remove(name: string): void {
    this.#roles.delete(name);
  }

  get(name: string): Role | undefined {
    return this.#roles.get(name);
  }

  byArn(arn: string): Role | undefined {
    return [...this.#roles.values()].find((role) => role.arn === arn);
  }

  /** New credentials of a role, as Lambda passes them to a function. */
  issue(role: string, session: string): Credentials {
    const accessKeyId = `AKIA${randomBytes(8).toString("hex").toUpperCase()}`;
    this.#keys.set(accessKeyId, { role, session });
    return { accessKeyId, secretAccessKey: randomBytes(20).toString("hex") };
  }

  /** The role session that owns a key; undefined for an unknown key and for a deleted role. */
  identify(accessKeyId: string): Identity | undefined {
    const key = this.#keys.get(accessKeyId);
    const role = key && this.#roles.get(key.role);
    return key && role && { role, session: key.session };
  }
}
