/** What one request may ask for. Each is far above what Okta and Entra send, and keeps a request's work bounded. */
export const limits = {
  /** Characters of a string value. */
  string: 4096,
  /** Characters of the strings that become keys of the table. */
  key: 512,
  /** Values of a multi-valued attribute; the members of a group are not bounded. */
  values: 1000,
  /** Nesting of a JSON body, and of parentheses in a filter. */
  depth: 32,
  /** Characters of a filter. */
  filter: 4096,
  /** Operations of a PATCH. */
  operations: 1000,
  /** Resources on a page where the client names no count, and at most. */
  defaultCount: 100,
  maxCount: 200,
  /** Resources that a filter or a sort without an index may read. */
  scan: 5000,
  /** Bytes of a request's body. */
  body: 5 * 1024 * 1024,
} as const;
