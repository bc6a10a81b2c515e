/**
 * The status, in the output `pushGroups`, of a group whose mapping one more deployment changes. `verify` reads it too, and
 * does not load the provider's SDK for it.
 */
export const MOVING = "MOVING";
