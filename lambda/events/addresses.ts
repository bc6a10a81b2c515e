import ipaddr from "ipaddr.js";

/** Ranges of the library that are globally reachable by the IANA special-purpose address registries (RFC 6890). */
const reachable = new Set<string>(["unicast", "amt", "as112", "as112v6"]);
/** The part of IPv6 that is assigned to the Internet; within it, addresses of protocols, which often embed an IPv4 address. */
const [internet, protocols] = [ipaddr.IPv6.parseCIDR("2000::/3"), ipaddr.IPv6.parseCIDR("2001::/23")];

/**
 * Whether a text is an address of the public Internet, in its usual form (IANA special-purpose address registries, RFC 6890).
 * IPv6 addresses that embed IPv4 ones are not taken for public.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.IPv4.isValidFourPartDecimal(text) && !ipaddr.IPv6.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (!reachable.has(address.range())) return false;
  return address instanceof ipaddr.IPv4 || (address.match(internet) && !address.match(protocols));
}
