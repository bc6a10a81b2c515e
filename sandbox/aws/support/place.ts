/** The account and region of resources: part of every ARN. */
export interface Place {
  readonly account: string;
  readonly region: string;
}
