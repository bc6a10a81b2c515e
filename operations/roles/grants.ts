/** Actions of AWS on resources, as one statement of a policy. */
export interface Grant {
  readonly actions: readonly string[];
  /** ARNs with placeholders: REGION, ACCOUNT, TENANT (the slug), ZONE (a hosted zone), BUCKET (the state). */
  readonly resources: readonly string[];
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Grants by the name of their statement (Sid), which is unique among all rows. */
export type Grants = Readonly<Record<string, Grant>>;

/** The rights that the AWS provider needs for the resources of one type. */
export interface Row {
  /** To compare a resource with the program (`pulumi preview --refresh`, `pulumi refresh`). */
  readonly read: Grants;
  /** To create, update and delete it, in addition. */
  readonly write: Grants;
}

/** For actions that have no resource type in AWS's Service Authorization Reference. Their Sid ends in `OnAll`. */
export const ALL: readonly string[] = ["*"];

export const regional = (service: string, resource: string): string => `arn:aws:${service}:REGION:ACCOUNT:${resource}`;
