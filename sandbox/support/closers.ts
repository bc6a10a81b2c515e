/** Resources to close, in reverse order of creation. */
export interface Closers {
  add(close: () => Promise<void> | void): void;
  /** Closes everything that was added. */
  close(): Promise<void>;
}

export function createClosers(): Closers {
  const added: (() => Promise<void> | void)[] = [];
  return {
    add: (close) => void added.push(close),
    async close() {
      for (const close of added.splice(0).reverse()) await close();
    },
  };
}
