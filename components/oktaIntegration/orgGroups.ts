import * as okta from "@pulumi/okta";

/** A group of the org. */
export interface OktaGroup {
  readonly id: string;
  readonly name: string;
  readonly type: string;
}

/** Groups by Okta's `search` expression. */
export const findGroups = async (search: string): Promise<readonly OktaGroup[]> =>
  (await okta.getGroups({ search })).groups;

export const groupById = async (id: string): Promise<OktaGroup | undefined> =>
  (await findGroups(`id eq ${JSON.stringify(id)}`))[0];
