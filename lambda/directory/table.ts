/**
 * The one table of a tenant's directory. The component creates it and the queries rely on it.
 *
 * | partition | sort | what |
 * | --- | --- | --- |
 * | `U#<user>` | `#` | a user |
 * | `U#<user>` | `G#<group>` | a membership, seen from the user |
 * | `G#<group>` | `#` | a group: its document, its committed epoch, at most one intent |
 * | `G#<group>` | `M#<user>` | a membership, seen from the group |
 * | `N#<hash>` | `#` | the reservation of a userName or a group's displayName |
 * | `X#<hash>` | `<id>` | an externalId |
 * | `L#<kind>` | `<id>` | the listing, in order of id |
 * | `C#<kind>` | `<2 hex digits>` | how many ids start with these digits |
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
