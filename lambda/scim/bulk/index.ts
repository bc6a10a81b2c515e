export { declaredId, referencesOf, resolveReferences, resolveText, withoutReferences } from "./references.ts";
export { bulkResponse, readBulkRequest, type BulkOperation, type BulkRequest, type BulkResult } from "./request.ts";
