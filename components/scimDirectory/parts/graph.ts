/** A metric of a dashboard: namespace, metric, dimensions as pairs of name and value, and its options. */
export type MetricRow = readonly (string | object)[];

export type Graph = readonly [title: string, metrics: readonly MetricRow[]];
