import { AcrnError } from "../../core/errors";
import { shellQuote } from "../../core/text/shell-quote";
import { fingerprint, type PublicKey } from "./known-hosts/keys";
import type { KnownHost } from "./known-hosts/parse";
import { label, type ResolvedConnection } from "./spec";

/**
 * The mend writes the very key that was seen, not what a later `ssh-keyscan` finds: so the fingerprint that the user
 * compares is the one that is trusted. It works behind a jump host too, where ssh-keyscan does not reach.
 */
export function unknown(to: ResolvedConnection, key: PublicKey, authorities: readonly KnownHost[]): AcrnError {
  const file = to.knownHosts.find((path) => path !== "/dev/null"); // what is written there is not kept
  const line = `${to.hostKeyName} ${key.type} ${key.blob.toString("base64")}`;
  const note = authorities[0]
    ? `\n(${at(authorities[0])} is a @cert-authority: host certificates are not supported, the key itself is needed.)`
    : "";
  const lax =
    to.strict === "no" || to.strict === "accept-new"
      ? `\n(StrictHostKeyChecking ${to.strict} changes nothing here: a key is never taken unseen.)`
      : "";
  const mend = file ? `then run: echo ${shellQuote(line)} >> ${shellQuote(file)}` : "then pin it";
  return new AcrnError(
    "ssh.host-key.unknown",
    `${label(to)}: unknown host key ${described(key)} for ${to.hostKeyName}`,
    {
      hint: `${compare(key)}; ${mend}\nor set hostKey: "${key.type} ${key.blob.toString("base64")}".${note}${lax}`,
    },
  );
}

/** Another key than the noted ones: a reinstalled machine, another machine at this address, or somebody in between. */
export function changed(to: ResolvedConnection, key: PublicKey, entries: readonly KnownHost[]): AcrnError {
  const first = entries[0] as KnownHost;
  const old = entries.map((entry) => `${described(entry.key)} (${at(entry)})`).join(", ");
  return new AcrnError(
    "ssh.host-key.changed",
    `${label(to)}: the host key changed: it is ${described(key)}, known was ${old}`,
    {
      where: { file: first.file, line: first.line, column: 1 },
      hint:
        `Somebody may stand between, or the machine was reinstalled. ${compare(key)}; ` +
        `then run: ssh-keygen -R ${shellQuote(to.hostKeyName)} -f ${shellQuote(first.file)}\n` +
        `and connect again to see the command that notes the new key.`,
    },
  );
}

export function revoked(to: ResolvedConnection, key: PublicKey, entry: KnownHost): AcrnError {
  return new AcrnError("ssh.host-key.revoked", `${label(to)}: the host key ${described(key)} is revoked`, {
    where: { file: entry.file, line: entry.line, column: 1 },
    hint: "The key is marked @revoked: give the machine a new host key (ssh-keygen -A after removing the old ones).",
  });
}

/** `file` names the key, or it cannot be told whether it does: ssh refuses every key then. */
export function revokedIn(to: ResolvedConnection, key: PublicKey, file: string): AcrnError {
  return new AcrnError(
    "ssh.host-key.revoked",
    `${label(to)}: the host key ${described(key)} is revoked by RevokedHostKeys`,
    {
      where: { file },
      hint: "Give the machine a new host key (ssh-keygen -A after removing the old ones).",
    },
  );
}

export function revocationUnknown(to: ResolvedConnection, file: string, why: string): AcrnError {
  return new AcrnError("ssh.host-key.unchecked", `${label(to)}: the RevokedHostKeys file ${file} ${why}`, {
    hint: "No host key is accepted while it is not known which are revoked. Name a readable list of public keys there, or remove RevokedHostKeys.",
  });
}

export function tooShort(to: ResolvedConnection, key: PublicKey, bits: number): AcrnError {
  return new AcrnError(
    "ssh.host-key.short",
    `${label(to)}: the host key ${described(key)} has ${bits} bits, and RequiredRSASize is ${to.requiredRsaSize}`,
    {
      hint: "Give the machine a longer host key (ssh-keygen -A makes an ed25519 one), or correct RequiredRSASize in ssh_config.",
    },
  );
}

export function pinMismatch(to: ResolvedConnection, key: PublicKey, expected: string): AcrnError {
  return new AcrnError(
    "ssh.host-key.changed",
    `${label(to)}: the host key is ${described(key)}, but hostKey pins ${expected}`,
    {
      hint:
        `Somebody may stand between, or the machine was reinstalled. ${compare(key)} and correct hostKey. ` +
        `A fingerprint pins one key of a machine that has several: give the whole key of the type that you trust.`,
      property: "hostKey",
    },
  );
}

export function pinUnreadable(): AcrnError {
  return new AcrnError("ssh.spec", "hostKey is no host key", {
    hint: 'Give "ssh-ed25519 AAAA..." (a line of /etc/ssh/ssh_host_ed25519_key.pub) or "SHA256:..." (ssh-keygen -lf).',
    property: "hostKey",
  });
}

function described(key: PublicKey): string {
  return `${key.type} ${fingerprint(key.blob)}`;
}

function at(entry: KnownHost): string {
  return `${entry.file}:${entry.line}`;
}

/** sshd's own name for the key file: ed25519, ecdsa or rsa. */
function compare(key: PublicKey): string {
  const kind = key.type.includes("ed25519") ? "ed25519" : key.type.startsWith("ecdsa") ? "ecdsa" : "rsa";
  return `Compare the fingerprint on the machine itself (ssh-keygen -lf /etc/ssh/ssh_host_${kind}_key.pub)`;
}
