/** What happened, oldest first, and whoever wants to hear of more. */
export interface Trace<T> {
  readonly items: readonly T[];
  readonly add: (item: T) => void;
  /** Calls the listener with each item to come. @returns how to stop that */
  readonly subscribe: (listener: (item: T) => void) => () => void;
}

/** Keeps the last `most` items. */
export function createTrace<T>(most: number): Trace<T> {
  const items: T[] = [];
  const listeners = new Set<(item: T) => void>();
  return {
    items,
    add: (item) => {
      items.push(item);
      if (items.length > most) items.shift();
      for (const listener of listeners) listener(item);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
