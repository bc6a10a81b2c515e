/** A JSON value as parsed from a request body or a stored document. */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;
/** A JSON object. Objects made from client input have no prototype or are only read through own keys. */
export interface JsonObject {
  [name: string]: JsonValue;
}
