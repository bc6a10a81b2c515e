export { declaredId, type BulkOperation } from "./operation.ts";
export { referencesOf, resolveReferences, resolveText, withoutReferences } from "./references.ts";
export { bulkResponse, readBulkRequest } from "./request.ts";
