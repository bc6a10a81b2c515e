/** Jobs of one app, one at a time and in order. A job that is already waiting is not queued twice. */
export interface Queue {
  add(key: string, job: () => Promise<void>): void;
  readonly busy: boolean;
}

export function createQueue(onQuiet: () => void): Queue {
  const waiting = new Map<string, () => Promise<void>>();
  let running = false;

  const run = async (): Promise<void> => {
    running = true;
    for (let next = first(waiting); next !== undefined; next = first(waiting)) {
      const [key, job] = next;
      waiting.delete(key);
      await job();
    }
    running = false;
    onQuiet();
  };

  return {
    add: (key, job) => {
      if (!waiting.has(key)) waiting.set(key, job);
      if (!running) void run();
    },
    get busy() {
      return running || waiting.size > 0;
    },
  };
}

function first<K, V>(map: ReadonlyMap<K, V>): [K, V] | undefined {
  for (const entry of map) return entry;
  return undefined;
}
