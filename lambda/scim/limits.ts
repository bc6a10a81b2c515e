/** What one request may ask for. Each is far above what Okta and Entra send, and keeps a request's work bounded. */
export const limits = {
  /** Characters of a string value. */
  string: 4096,
  /** Characters of the strings that become keys of the table. */
  key: 512,
  /** Values of a multi-valued attribute, and of all operations of a PATCH; the members of a group are not bounded. */
  values: 1000,
  /** Nesting of a JSON body, and of parentheses in a filter. */
  depth: 32,
  /** Characters of a filter or a path. */
  filter: 4096,
  /** Operations of a PATCH. */
  operations: 1000,
  /** Value filters in the paths of a PATCH that are not `members[value eq "…"]`, and the characters of all of them. */
  valueFilters: 100,
  valueFilterText: 16_384,
  /** Resources on a page where the client names no count, and at most. */
  defaultCount: 100,
  maxCount: 200,
  /** Members that the resources on one page may have together. */
  pageMembers: 50_000,
  /** Resources that a filter or a sort without an index may read. */
  scan: 5000,
  /** Characters by which a sort tells two values apart. */
  sortKey: 256,
  /** Seconds that a cursor is good for. */
  cursorTimeout: 3600,
  /** Characters of a cursor: the longest that the service makes fits well. */
  cursor: 4096,
  /** Operations of a bulk request: each takes up to some 30 ms, and they are done one after another. */
  bulkOperations: 500,
  /** Bytes of a request's body. Lambda takes 6 MB with the body in base64, which is how SCIM's content type arrives. */
  body: 4 * 1024 * 1024,
  /** Bytes of an answer: Lambda gives 6 MB, with the body as a JSON string and the headers beside it. */
  answer: 6 * 1024 * 1024 - 64 * 1024,
} as const;
