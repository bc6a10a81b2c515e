/**
 * The one table of a tenant's directory. The component creates it and the queries rely on it.
 *
 * | partition | sort | holds | attributes |
 * | --- | --- | --- | --- |
 * | `U#<user>` | `#` | a user | `doc v m c nk xk deleting t h` |
 * | `U#<user>` | `G#<group>` | an edge: a membership, seen from the user | `a r w` |
 * | `G#<group>` | `#` | a group | `doc v m c nk xk e d intent pace unborn committedBy gone ttl t h dm` |
 * | `G#<group>` | `M#<user>` | the same edge, seen from the group | `a r` |
 * | `N#<hash>` | `#` | the reservation of a userName or a group's displayName | `id` |
 * | `X#<hash>` | `<id>` | an externalId | |
 * | `L#<kind>` | `<id>` | the listing, in order of id | |
 * | `C#<kind>` | `<2 hex digits>` | how many ids start with these digits | `n` |
 * | `D#` | `#` | the deletions that are not finished | `n`, and one for each of them |
 *
 * | attribute | type | meaning |
 * | --- | --- | --- |
 * | `doc` | S | the SCIM document as JSON, without `id`, `meta`, `members` and `groups` |
 * | `v` | N | the version; every visible change adds 1 |
 * | `c`, `m` | S | created and last modified, ISO 8601 |
 * | `nk`, `xk` | S | hash of the name and of the externalId: the keys of its reservation and of its `X#` item |
 * | `deleting` | BOOL | the user is deleted; its edges are being removed |
 * | `e` | N | the committed epoch of a group |
 * | `d` | N | digest of the members of the committed epoch (`digest.ts`); absent in groups made before it existed |
 * | `intent` | M | a large change in progress: `owner` and `change` S, `takeovers` and `deletions` N, `leaseUntil` N (milliseconds since 1970), `parked` BOOL |
 * | `pace` | N | members a second that the group's partition took when it last throttled a large change |
 * | `unborn` | BOOL | the group is hidden: its first members are being written |
 * | `committedBy` | S | the request that changed the group last |
 * | `gone` | BOOL | the group is a tombstone |
 * | `ttl` | N | seconds since 1970 after which DynamoDB deletes the tombstone |
 * | `t` | S | where `events` are configured: the id of the request that changed the resource last; the `txn` of its events |
 * | `h` | S | how that request changed it: `create`, `put` or `patch` |
 * | `dm` | M | the members that the last visible change of a group added and removed, if it changed members: `add` and `remove` S, 22 characters of base64url an id, or `many` BOOL |
 * | `a`, `r` | N | the epoch that added an edge, and the one that removed it |
 * | `w` | N | of an edge seen from the user: a random number that tells each write of it from the others |
 * | `id` | S | the resource that has the name |
 * | `n` | N | in `C#`: the count; in `D#`: how many users were ever deleted |
 * | `u:<id>`, `g:<id>` | N | in `D#`: when the deletion of this user or group began, in milliseconds since 1970 |
 *
 * `docs/design/directory.md` explains how they work together.
 */
export const directoryTable = {
  hashKey: "pk",
  rangeKey: "sk",
  attributes: [
    { name: "pk", type: "S" },
    { name: "sk", type: "S" },
  ],
  ttlAttribute: "ttl",
} as const;
