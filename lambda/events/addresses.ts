import { BlockList, isIP } from "node:net";

/** Networks that are not globally reachable (IANA special-purpose address registries, RFC 6890), and multicast. */
const special: readonly (readonly [network: string, prefix: number, family: "ipv4" | "ipv6"])[] = [
  ["0.0.0.0", 8, "ipv4"],
  ["10.0.0.0", 8, "ipv4"],
  ["100.64.0.0", 10, "ipv4"],
  ["127.0.0.0", 8, "ipv4"],
  ["169.254.0.0", 16, "ipv4"],
  ["172.16.0.0", 12, "ipv4"],
  ["192.0.0.0", 24, "ipv4"],
  ["192.0.2.0", 24, "ipv4"],
  ["192.88.99.0", 24, "ipv4"],
  ["192.168.0.0", 16, "ipv4"],
  ["198.18.0.0", 15, "ipv4"],
  ["198.51.100.0", 24, "ipv4"],
  ["203.0.113.0", 24, "ipv4"],
  ["224.0.0.0", 3, "ipv4"],
];

const blocked = new BlockList();
for (const [network, prefix, family] of special) blocked.addSubnet(network, prefix, family);

/** IPv6 addresses that are globally reachable: 2000::/3, without those that hold an IPv4 address or are for documentation. */
const global = new BlockList();
global.addSubnet("2000::", 3, "ipv6");
const embedding = new BlockList();
for (const [network, prefix] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const)
  embedding.addSubnet(network, prefix, "ipv6");

/** Whether an IP address is one of the public internet. IPv6 addresses that embed IPv4 ones are not taken for public. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !blocked.check(address, "ipv4");
  return family === 6 && global.check(address, "ipv6") && !embedding.check(address, "ipv6");
}
