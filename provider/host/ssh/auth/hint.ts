import type { LoginMethod, ResolvedConnection } from "../spec";

/** What is known of a login that was refused. */
interface Refused {
  tried: readonly string[];
  accepts: readonly string[];
  /** What the server said when it hung up. */
  reason: string | undefined;
}

/** What mends a login that was refused. */
export function refusedHint(to: ResolvedConnection, { tried, accepts, reason }: Refused): string {
  if (/too many/i.test(reason ?? "")) {
    return "The server hung up before the right key came (MaxAuthTries): name it (privateKeyFile), or set IdentityFile and IdentitiesOnly in ssh_config.";
  }
  const forbidden = accepts.find(
    (method) => !to.methods.includes(method as LoginMethod) && /^(publickey|password|keyboard-)/.test(method),
  );
  if (forbidden && tried.length === 0) {
    return `Allow ${forbidden} in ssh_config (PreferredAuthentications, PubkeyAuthentication, PasswordAuthentication, KbdInteractiveAuthentication).`;
  }
  const keyless = !tried.some((name) => name.includes("key "));
  if (keyless && accepts.includes("publickey")) {
    return "Name a key (privateKeyFile), or start an ssh-agent that holds one (ssh-add).";
  }
  if (!accepts.includes("publickey")) {
    return to.password === undefined
      ? "The server wants a password: set `password` (a secret)."
      : "Check `password`, and whether the account may log in (expired, locked); the server's log says more.";
  }
  const root = to.user === "root" ? "; PermitRootLogin in its sshd_config must allow root" : "";
  return `Check the user, and add the public key to ~${to.user}/.ssh/authorized_keys on the machine (ssh-copy-id)${root}.`;
}
