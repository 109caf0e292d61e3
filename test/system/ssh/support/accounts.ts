import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A number that no real account of a test machine is likely to have. */
const UID = 54_321;
export const PASSWORD = "correct horse 42";

/** How a process is started that sees the made accounts: a prefix for its command. */
export interface Accounts {
  enter: readonly string[];
  home: string;
}

/**
 * Accounts of the test's own, seen only by the processes in a mount namespace of theirs (unshare(1), mount(8) --bind): nothing of
 * the machine changes. Undefined where this process may not mount.
 */
export function madeAccounts(dir: string): Accounts | undefined {
  if (process.getuid?.() !== 0 || spawnSync("unshare", ["-m", "true"]).status !== 0) return undefined;
  const home = join(dir, "home", "root");
  mkdirSync(join(home, ".ssh"), { recursive: true });
  const file = (name: string, lines: readonly string[], mode = 0o644): string => {
    writeFileSync(join(dir, name), `${lines.join("\n")}\n`, { mode });
    return join(dir, name);
  };
  const binds = {
    "/etc/passwd": file("passwd", passwd(dir, home)),
    "/etc/shadow": file("shadow", shadow(), 0o600),
    "/etc/pam.d/sshd": file("pam", PAM),
  };
  const script = [
    ...Object.entries(binds).map(([real, own]) => `mount --bind '${own}' '${real}'`),
    "mount -t tmpfs tmpfs /run",
    "mkdir -m 755 /run/sshd", // where sshd puts its unprivileged half (sshd(8), FILES); this container's /run may lack it
    'exec "$@"',
  ].join(" && ");
  const enter = ["unshare", "-m", "--propagation", "private", "sh", "-c", script, "sh"];
  return spawnSync(enter[0] as string, [...enter.slice(1), "true"]).status === 0 ? { enter, home } : undefined;
}

/** Name and what its second field in shadow(5) is: a password, `!` (locked), `*` (no password), and its expiry. */
const USERS: Record<string, { shell?: string; shadow: (hash: string) => string }> = {
  tester: { shadow: (hash) => `${hash}:19000:0:99999:7:::` },
  locked: { shadow: () => "!:19000:0:99999:7:::" },
  gone: { shadow: (hash) => `${hash}:19000:0:99999:7::100:` },
  stale: { shadow: (hash) => `${hash}:0:0:99999:7:::` },
  shellless: { shell: "/usr/sbin/nologin", shadow: (hash) => `${hash}:19000:0:99999:7:::` },
};

const PAM = ["auth required pam_unix.so nodelay", "account required pam_unix.so", "password required pam_unix.so"];

function passwd(dir: string, rootHome: string): string[] {
  const made = Object.entries(USERS).map(([name, { shell = "/bin/sh" }], index) => {
    const home = join(dir, "home", name);
    mkdirSync(home, { recursive: true });
    chownSync(home, UID + index, UID);
    chmodSync(home, 0o755);
    return `${name}:x:${UID + index}:${UID}::${home}:${shell}`;
  });
  return [`root:x:0:0:root:${rootHome}:/bin/sh`, "sshd:x:102:65534::/run/sshd:/usr/sbin/nologin", ...made];
}

function shadow(): string[] {
  const hash = execFileSync("openssl", ["passwd", "-6", PASSWORD], { encoding: "utf8" }).trim();
  return ["root:*:19000:0:99999:7:::", ...Object.entries(USERS).map(([name, user]) => `${name}:${user.shadow(hash)}`)];
}
