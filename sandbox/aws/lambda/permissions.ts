/** One statement of a function's resource policy: who may invoke it. */
export interface Permission {
  readonly action: string;
  readonly functionName: string;
  readonly principal: string;
  readonly sourceArn: string | undefined;
}

/** The resource policies of all functions: `FUNCTION/STATEMENT` → statement. */
export type Permissions = Map<string, Permission>;

/** The name in a function's name or ARN. */
export function functionNameOf(reference: string): string {
  return /:function:([^:/]+)/.exec(reference)?.[1] ?? reference;
}
