/** One statement of a function's resource policy: who may invoke it. */
export interface Permission {
  readonly action: string;
  readonly functionName: string;
  readonly principal: string;
  readonly sourceArn: string | undefined;
}

/** The resource policies of all functions, from `FUNCTION/STATEMENT` to the statement. */
export type Permissions = Map<string, Permission>;

/** The function's name in a name or an ARN. */
export function functionNameOf(reference: string): string {
  return /:function:([^:/]+)/.exec(reference)?.[1] ?? reference;
}
