/** Where resources live: part of every ARN. */
export interface Place {
  readonly account: string;
  readonly region: string;
}
