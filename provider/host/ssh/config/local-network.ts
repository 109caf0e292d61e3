import { BlockList, isIP, isIPv4 } from "node:net";

/**
 * Whether one of the addresses lies in one of the networks, as `Match localnetwork 192.168.0.0/16,fd00::/8` asks (OpenSSH's
 * readconf.c, check_match_ifaddrs). Undefined: the list is none.
 */
export function inNetworks(addresses: readonly string[], list: string): boolean | undefined {
  const networks = new BlockList();
  for (const entry of list.split(",")) {
    const [network = "", bits, ...more] = entry.split("/");
    const most = isIPv4(network) ? 32 : 128;
    if (isIP(network) === 0 || more.length > 0 || !/^\d{1,3}$/.test(bits ?? String(most))) return undefined;
    const prefix = Number(bits ?? most);
    if (prefix > most) return undefined;
    networks.addSubnet(network, prefix, isIPv4(network) ? "ipv4" : "ipv6");
  }
  return addresses.some((address) => isIP(address) !== 0 && networks.check(address, isIPv4(address) ? "ipv4" : "ipv6"));
}
