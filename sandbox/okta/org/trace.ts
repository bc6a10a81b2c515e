/** A list of items, oldest first, with subscriptions to new ones. */
export interface Trace<T> {
  readonly items: readonly T[];
  readonly add: (item: T) => void;
  /** Calls the listener with each new item. @returns a function that unsubscribes */
  readonly subscribe: (listener: (item: T) => void) => () => void;
}

/** The bounds of a trace: a number of items, and their total weight. The newest item is kept whatever it weighs. */
export interface TraceLimits<T> {
  readonly most: number;
  readonly weightOf?: (item: T) => number;
  readonly mostWeight?: number;
}

/** Keeps the last items, within limits. */
export function createTrace<T>({ most, weightOf = () => 0, mostWeight = 0 }: TraceLimits<T>): Trace<T> {
  const items: T[] = [];
  const weights: number[] = [];
  let weight = 0;
  const listeners = new Set<(item: T) => void>();
  return {
    items,
    add: (item) => {
      items.push(item);
      weights.push(weightOf(item));
      weight += weights.at(-1) ?? 0;
      while (items.length > most || (weight > mostWeight && items.length > 1)) {
        items.shift();
        weight -= weights.shift() ?? 0;
      }
      for (const listener of listeners) listener(item);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
