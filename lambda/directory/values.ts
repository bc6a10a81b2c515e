import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Item } from "./keys.ts";

export const S = (value: string): AttributeValue.SMember => ({ S: value });
export const N = (value: number): AttributeValue.NMember => ({ N: String(value) });
export const TRUE: AttributeValue.BOOLMember = { BOOL: true };

export const textOf = (item: Item, name: string): string => item[name]?.S ?? "";
export const numberOf = (item: Item, name: string): number => Number(item[name]?.N ?? 0);
/** The resource that an item of its partition belongs to, by its partition key. */
export const idOf = (item: Item): string => textOf(item, "pk").slice(2);
/** The resource at the other end of an edge, by its sort key. */
export const otherEnd = (edge: Item): string => textOf(edge, "sk").slice(2);
/** Whether this is the item of a resource, and not one of its edges. */
export const isResource = (item: Item): boolean => textOf(item, "sk") === "#";
