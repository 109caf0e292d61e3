import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { type Accounts, madeAccounts } from "./accounts";

export const PASSPHRASE = "battery staple 43";

/** Every key of the rows: what ssh-keygen makes it with. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  host_ed25519: ["-t", "ed25519"],
  host_ecdsa: ["-t", "ecdsa"],
  host_rsa: ["-t", "rsa", "-b", "2048"],
  host_other: ["-t", "ed25519"],
  host_certified: ["-t", "ed25519"],
  host_ca: ["-t", "ed25519"],
  host_ca2: ["-t", "ed25519"],
  user_ca: ["-t", "ed25519"],
  ed25519: ["-t", "ed25519"],
  ecdsa: ["-t", "ecdsa", "-b", "521"],
  rsa: ["-t", "rsa", "-b", "2048"],
  pem: ["-t", "rsa", "-b", "2048", "-m", "PEM"],
  pkcs8: ["-t", "ecdsa", "-m", "PKCS8"],
  confirm: ["-t", "ed25519"],
  loose: ["-t", "ed25519"],
  forced: ["-t", "ed25519"],
  restricted: ["-t", "ed25519"],
  expired: ["-t", "ed25519"],
  elsewhere: ["-t", "ed25519"],
  certified: ["-t", "ed25519"],
  miscertified: ["-t", "ed25519"],
  revoked: ["-t", "ed25519"],
  stranger: ["-t", "ed25519"],
  ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((n) => [`stranger${n}`, ["-t", "ed25519"]])),
};

const ENCRYPTED: Readonly<Record<string, readonly string[]>> = {
  encrypted: ["-t", "ed25519", "-a", "4"],
  encrypted_pem: ["-t", "rsa", "-b", "2048", "-m", "PEM"],
  encrypted_pkcs8: ["-t", "ecdsa", "-m", "PKCS8"],
};

/** Who is let in by which key, with which options (sshd(8), AUTHORIZED_KEYS FILE FORMAT). */
const AUTHORIZED: readonly [key: string, options: string][] = [
  ...["ed25519", "ecdsa", "rsa", "pem", "pkcs8", "confirm", "loose", "revoked", "encrypted"].map(
    (key) => [key, ""] as [string, string],
  ),
  ["encrypted_pem", ""],
  ["encrypted_pkcs8", ""],
  ["forced", 'command="exit 5" '],
  ["restricted", "restrict "],
  ["expired", 'expiry-time="20200101" '],
  ["elsewhere", 'from="192.0.2.1" '],
];

/** A folder with keys, and the accounts if they can be made. The real programs of OpenSSH make all of it. */
export class World {
  readonly dir = mkdtempSync(join(tmpdir(), "acrn-sshd-"));
  readonly accounts: Accounts | undefined;
  readonly sshd = "/usr/sbin/sshd";
  readonly version = opensshVersion();
  readonly user: string;

  constructor() {
    chmodSync(this.dir, 0o755);
    this.accounts = madeAccounts(this.dir);
    this.user = this.accounts ? "tester" : userInfo().username;
    for (const [name, how] of Object.entries(KEYS)) this.keygen(...how, "-C", "", "-N", "", "-f", this.file(name));
    for (const [name, how] of Object.entries(ENCRYPTED)) {
      this.keygen(...how, "-C", "", "-N", PASSPHRASE, "-f", this.file(name));
    }
    this.certify();
    chmodSync(this.file("loose"), 0o640);
    writeFileSync(
      this.file("authorized"),
      AUTHORIZED.map(([key, options]) => `${options}${this.publicKey(key)}\n`).join(""),
    );
    if (this.accounts) copyFileSync(this.file("ed25519"), join(this.accounts.home, ".ssh", "id_ed25519"));
  }

  /** ssh-keygen(1), CERTIFICATES. */
  private certify(): void {
    this.keygen("-s", this.file("host_ca"), "-I", "host", "-h", "-n", "127.0.0.1", this.file("host_certified.pub"));
    this.keygen("-s", this.file("user_ca"), "-I", "user", "-n", this.user, this.file("certified.pub"));
    this.keygen("-s", this.file("user_ca"), "-I", "user", "-n", "somebody-else", this.file("miscertified.pub"));
  }

  private keygen(...args: string[]): void {
    execFileSync("ssh-keygen", ["-q", ...args], { stdio: "pipe" });
  }

  /** A copy of an encrypted key without its passphrase, for agents. */
  open(name: string, copy: string): void {
    copyFileSync(this.file(name), this.file(copy));
    chmodSync(this.file(copy), 0o600);
    this.keygen("-p", "-P", PASSPHRASE, "-N", "", "-f", this.file(copy));
  }

  /** Root's sshd needs a folder (sshd(8), FILES) that a machine without that service lacks, and nothing of the machine is to change. */
  get canServe(): boolean {
    return this.accounts !== undefined || process.getuid?.() !== 0 || existsSync("/run/sshd");
  }

  get enter(): readonly string[] {
    return this.accounts?.enter ?? [];
  }

  get home(): string {
    return this.accounts?.home ?? this.dir;
  }

  file(name: string): string {
    return join(this.dir, name);
  }

  /** `ssh-ed25519 AAAA...` */
  publicKey(name: string): string {
    return readFileSync(this.file(`${name}.pub`), "utf8").trim();
  }

  write(name: string, text: string): string {
    writeFileSync(this.file(name), text);
    return this.file(name);
  }

  /** A program for SSH_ASKPASS that answers with one secret. */
  askpass(name: string, secret: string): string {
    const path = this.file(`askpass-${name}`);
    if (!existsSync(path)) writeFileSync(path, `#!/bin/sh\necho '${secret}'\n`, { mode: 0o700 });
    return path;
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

function opensshVersion(): number {
  const said = spawnSync("ssh", ["-V"], { encoding: "utf8" }).stderr ?? "";
  return Number(/OpenSSH_(\d+\.\d+)/.exec(said)?.[1] ?? 0);
}
