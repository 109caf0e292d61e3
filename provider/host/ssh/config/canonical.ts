import { isIPv4, isIPv6, SocketAddress } from "node:net";
import { AcrnError } from "../../../core/errors";
import { matchPatterns } from "../pattern";
import type { ConfigValue } from "./types";

/**
 * As ssh names a machine from here on: names in lower case, addresses in their one form (ssh.c, resolve_addr). It asks for addresses of the family alone that
 * AddressFamily names, so another one stays as it is written.
 */
export function normalHost(host: string, family?: string): string {
  if (isIPv6(host)) return family === "inet" ? host : normalIPv6(host);
  if (family === "inet6") return host.includes(":") ? host : host.toLowerCase();
  if (!/^\d[0-9a-fx.]*$/i.test(host)) return host.includes(":") ? host : host.toLowerCase();
  try {
    // inet_aton's short, octal and hexadecimal forms are also those of a URL (127.1, 0x7f000001).
    const { hostname } = new URL(`http://${host}/`);
    return isIPv4(hostname) && !host.endsWith(".") ? hostname : host.toLowerCase();
  } catch {
    return host.toLowerCase();
  }
}

/** What tells the forms apart is not the case: ssh leaves that. An address with a zone (`%eth0`) stays as it is. */
function normalIPv6(host: string): string {
  if (host.includes("%")) return host;
  const { address } = new SocketAddress({ address: host, family: "ipv6" });
  return address === host.toLowerCase() ? host : address;
}

type Values = ReadonlyMap<string, readonly ConfigValue[]>;

/**
 * Refuses CanonicalizeHostname where ssh would ask the name service for another name (ssh.c, resolve_canonicalize): it
 * decides under which name the host key is looked up, and what a resolver says today is no ground for that in a plan.
 * @returns whether the files are to be read a second time, as ssh does whenever CanonicalizeHostname is on
 */
export function canonicalizes(host: string, values: Values, direct: boolean): boolean {
  const first = (keyword: string) => values.get(keyword)?.[0]?.args;
  const mode = values.get("canonicalizehostname")?.[0];
  if (!mode || /^(no|false)$/i.test(mode.args[0] as string)) return false;
  const applies = direct || /^always$/i.test(mode.args[0] as string);
  if (applies && !/^[0-9.]*$|[:%]/.test(host)) {
    const dots = host.split(".").length - 1;
    const domains = (first("canonicaldomains") ?? []).filter((domain) => !/^none$/i.test(domain));
    const few = dots <= Number(first("canonicalizemaxdots")?.[0] ?? 1);
    const local = !/^(no|false)$/i.test(first("canonicalizefallbacklocal")?.[0] ?? "yes");
    const searched = host.endsWith(".") || (few && (domains.length > 0 || !local));
    if (searched || followsAlias(host, first("canonicalizepermittedcnames") ?? [])) throw refused(host, mode);
  }
  return true;
}

function followsAlias(host: string, rules: readonly string[]): boolean {
  return rules.some((rule) => {
    const [from = ""] = rule.toLowerCase().split(":");
    return from !== "none" && matchPatterns(host, from.split(","));
  });
}

function refused(host: string, { place }: ConfigValue): AcrnError {
  return new AcrnError("ssh.config.unsupported", `CanonicalizeHostname would look for another name of ${host}`, {
    where: place,
    hint: "Write the full name in HostName of a Host section for it, and CanonicalizeHostname no.",
  });
}
