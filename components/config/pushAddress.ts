import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** Characters of an address. */
const LONGEST = 1000;
/** Names that no public name server answers for. */
const localName = /(^|\.)(localhost|local|internal|localdomain|home\.arpa)$/;

/** The reasons why an address cannot be that of a receiver of push (RFC 8935); none for a good one. */
export function pushAddressFaults(text: string): string[] {
  if (!URL.canParse(text)) return ["is not a URL"];
  const url = new URL(text);
  const host = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  const faults = [
    url.protocol === "https:" ? "" : "is not https",
    url.username === "" && url.password === "" ? "" : "has a user or a password; set authorization instead",
    url.hash === "" ? "" : "has a fragment, which is never sent",
    text.length <= LONGEST ? "" : `is too long (at most ${LONGEST} characters)`,
    isPublicHost(host) ? "" : "has a host that is not on the public Internet",
  ];
  return faults.filter((fault) => fault !== "");
}

/** Ranges of the library that are globally reachable by the IANA special-purpose address registries (RFC 6890). */
const reachable = new Set<string>(["unicast", "amt", "as112", "as112v6"]);
/** The part of IPv6 that is assigned to the Internet; within it, addresses of protocols, which often embed an IPv4 address. */
const [internet, protocols] = [ipaddr.IPv6.parseCIDR("2000::/3"), ipaddr.IPv6.parseCIDR("2001::/23")];

/** The function refuses the same addresses (`lambda/events/addresses.ts`), also where a name resolves to one. */
function isPublicAddress(text: string): boolean {
  const address = ipaddr.parse(text);
  if (!reachable.has(address.range())) return false;
  return address instanceof ipaddr.IPv4 || (address.match(internet) && !address.match(protocols));
}

/** Names resolve to an address only when an event is sent; the function checks it then. */
function isPublicHost(host: string): boolean {
  return isIP(host) === 0 ? host.includes(".") && !localName.test(host) : isPublicAddress(host);
}
