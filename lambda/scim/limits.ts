/** The limits of one request. Each is far above the needs of Okta and Entra ID, and bounds the work of a request. */
export const limits = {
  /** Characters of a string value. */
  string: 4096,
  /** Characters of a string that becomes a key of the table. */
  key: 512,
  /**
   * Values of a multi-valued attribute, and values of all operations of a PATCH. The members of a group have no limit.
   */
  values: 1000,
  /** Levels of nesting in a JSON body, and of parentheses in a filter. */
  depth: 32,
  /** Characters of a filter or a path. */
  filter: 4096,
  /** Operations of a PATCH. */
  operations: 1000,
  /** Value filters in the paths of a PATCH, and their characters in total. `members[value eq "…"]` does not count. */
  valueFilters: 100,
  valueFilterText: 16_384,
  /** Resources on a page: if the client gives no count, and at most. */
  defaultCount: 100,
  maxCount: 200,
  /** Members of all resources on one page. */
  pageMembers: 50_000,
  /** Resources that a filter or a sort without an index may read. */
  scan: 5000,
  /** Characters of a value that a sort compares. */
  sortKey: 256,
  /** Seconds until a cursor expires. */
  cursorTimeout: 3600,
  /** Characters of a cursor. The longest cursor of the service is shorter. */
  cursor: 4096,
  /** Operations of a bulk request. They run one after another, and each takes up to about 30 ms. */
  bulkOperations: 500,
  /** Bytes of a request's body. Lambda accepts 6 MB, with the body in base64 for SCIM's content type. */
  body: 4 * 1024 * 1024,
  /** Bytes of a response. Lambda returns at most 6 MB, with the body as a JSON string and the headers beside it. */
  answer: 6 * 1024 * 1024 - 64 * 1024,
} as const;
