import { existsSync, readFileSync } from "node:fs";
import { run } from "../../../../tools/process";
import { RELEASE } from "./recipe";

/** Debian's archive keys, which another release's apt may keep only here; package debian-archive-keyring. */
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** What apt is told of the way to its archives; the rest of it is about the machine. */
const WAY = /^Acquire::(https?|Check|Retries|ForceIPv[46])\b/;

/** Where this machine's own apt gets Debian from, and how: nothing else is asked, so a mirror or a proxy of the site is used. */
export interface Archives {
  /** Lines of sources.list(5). */
  sources: readonly string[];
  /** Lines of apt.conf(5). */
  settings: readonly string[];
}

/** apt itself reads its files here, of either format; a sentence when it knows no Debian archive. */
export async function archives(): Promise<Archives | string> {
  const release = /^VERSION_CODENAME=(\w+)/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1];
  // without release info: also before any `apt-get update`
  const asked = ["indextargets", "--no-release-info", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)"];
  const targets = await run("apt-get", [...asked, "Identifier: Packages"]);
  const config = await run("apt-config", ["dump", "Acquire"]);
  if (release === undefined || targets.code !== 0) return `apt-get indextargets failed: ${targets.output.trim()}`;
  const sources = sourcesOf(targets.output, release, existsSync(KEYRING) ? KEYRING : undefined);
  if (sources.length === 0) return "this machine's apt has no source of Debian";
  return { sources, settings: config.output.split("\n").filter((line) => WAY.test(line)) };
}

/**
 * The same archives with the guest's release.
 * @param targets `URI RELEASE COMPONENT`, a line each
 * @param own the machine's release, which the guest's one stands for
 */
export function sourcesOf(targets: string, own: string, keyring?: string): string[] {
  const signed = keyring === undefined ? "" : `[signed-by=${keyring}] `;
  const lines = targets.split("\n").flatMap((line) => {
    const [uri, release = "", component] = line.split(" ");
    if (component !== "main" || !["", "-updates", "-security"].some((tail) => release === own + tail)) return [];
    return [`deb ${signed}${uri} ${release.replace(own, RELEASE)} main`];
  });
  return [...new Set(lines)];
}
