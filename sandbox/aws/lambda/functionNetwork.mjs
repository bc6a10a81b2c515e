// Leads the connections of a function's process to the internet of the sandbox. Names and addresses of this machine
// keep their meaning. The process sees public addresses, as it would in AWS.
import dns from "node:dns";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import tls from "node:tls";

/** Direct Delegation AS112 (RFC 7535): globally reachable, and nobody's host. */
const NETWORK = "192.175.48";

const isLocal = (host) => host === undefined || host === "localhost" || host === "::1" || /^127\./.test(host);

/** The same name has the same address. */
function addressOf(name) {
  let sum = 7;
  for (const char of name.toLowerCase()) sum = (sum * 31 + char.codePointAt(0)) % 254;
  return `${NETWORK}.${sum + 1}`;
}

const notFound = (hostname) =>
  Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), {
    code: "ENOTFOUND",
    syscall: "getaddrinfo",
    hostname,
  });

/** Names under .invalid exist in no DNS (RFC 2606). */
const exists = (hostname) => !hostname.toLowerCase().endsWith(".invalid");

/** @param access `{port, authority}` of the sandbox's internet */
export function useInternet({ port, authority }) {
  const { lookup } = dns;
  dns.lookup = (hostname, ...rest) => {
    const callback = rest.at(-1);
    const options = rest.length > 1 && typeof rest[0] === "object" ? rest[0] : {};
    if (isLocal(hostname) || net.isIP(hostname) !== 0) return lookup(hostname, ...rest);
    if (!exists(hostname)) return process.nextTick(callback, notFound(hostname));
    const address = addressOf(hostname);
    if (options.all) return process.nextTick(callback, null, [{ address, family: 4 }]);
    process.nextTick(callback, null, address, 4);
  };
  const promised = dns.promises.lookup;
  dns.promises.lookup = async (hostname, options = {}) => {
    if (isLocal(hostname) || net.isIP(hostname) !== 0) return promised(hostname, options);
    if (!exists(hostname)) throw notFound(hostname);
    const found = { address: addressOf(hostname), family: 4 };
    return options.all ? [found] : found;
  };

  const { connect } = net.Socket.prototype;
  net.Socket.prototype.connect = function (...args) {
    const [first, second] = Array.isArray(args[0]) ? args[0] : args;
    const options = first !== null && typeof first === "object" ? first : { port: first, host: second };
    const callback = (Array.isArray(args[0]) ? args[0] : args).findLast((one) => typeof one === "function");
    if (options.path || isLocal(options.host)) return connect.apply(this, args);
    const reach = () => {
      const here = { ...options, host: "127.0.0.1", port, lookup: undefined, autoSelectFamily: false };
      connect.call(this, here, ...(callback ? [callback] : []));
    };
    if (net.isIP(options.host) !== 0) {
      reach();
      return this;
    }
    // Whoever writes meanwhile waits for the connection.
    this.connecting = true;
    (options.lookup ?? dns.lookup)(options.host, { all: true }, (error) => {
      if (this.destroyed) return;
      this.connecting = false;
      if (error) this.destroy(error);
      else reach();
    });
    return this;
  };

  const { createSecureContext } = tls;
  tls.createSecureContext = (options = {}) =>
    createSecureContext({ ...options, ca: options.ca ?? [...tls.rootCertificates, authority] });
  syncBuiltinESMExports();
}
