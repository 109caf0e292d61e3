import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "../../../../provider/host/ssh/pool";
import type { Transport } from "../../../../provider/host/types";
import { type Daemon, freePorts, startDaemon } from "../../ssh/support/daemon";

export const PASSWORD = "correct horse 42";
export const USER = "operator-7";
const UID = 54_327;
/** Without the two seconds that a wrong password costs, pam_unix(8). */
export const PAM = [
  "auth required pam_unix.so nodelay",
  "account required pam_unix.so",
  "session required pam_permit.so",
];

/** What a row changes on the machine; all of it is as Debian has it otherwise. */
export interface SudoSetup {
  /** Lines of sudoers after `root ALL=(ALL:ALL) ALL`. */
  sudoers?: readonly string[];
  /** The user's password. @default PASSWORD */
  password?: string;
  /** The fields of shadow(5) after the password. */
  aging?: string;
  /** pam.d/sudo. */
  pam?: readonly string[];
  /** /etc/hosts. @default the host's name is in it */
  hosts?: string;
  /** The user's login shell; `%` is the world's folder. @default /bin/sh */
  shell?: string;
  /** Lines for sshd_config. */
  sshd?: readonly string[];
}

/**
 * A real sudo behind a real sshd with accounts, sudoers and PAM files of the test's own, which only the processes in a mount and a UTS namespace
 * of theirs see (unshare(1), mount(8) --bind): nothing of the machine changes, and all of it ends with sshd.
 */
export class SudoWorld {
  readonly dir = mkdtempSync(join(tmpdir(), "acrn-sudo-"));
  readonly tree = join(this.dir, "tree");
  private daemon: Daemon | undefined;
  port = 0;
  private readonly keys: { client: string; host: string };

  constructor() {
    chmodSync(this.dir, 0o711); // the user's shell has to get to the tree
    for (const name of ["home", "tree/etc", "bare"]) mkdirSync(join(this.dir, name), { recursive: true });
    chownSync(join(this.dir, "home"), UID, UID);
    writeFileSync(join(this.tree, "etc/machine-id"), "0123456789abcdef0123456789abcdef\n");
    for (const name of ["client", "host"])
      execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(this.dir, name)]);
    this.keys = {
      client: readFileSync(join(this.dir, "client"), "utf8"),
      host: readFileSync(join(this.dir, "host.pub"), "utf8"),
    };
    // a shell as on a machine without sudo: what else the scripts need is still there
    this.script("no-sudo", 'PATH=$(dirname "$0")/bare exec /bin/sh "$@"');
    for (const tool of "sh id base64 gzip cat".split(" ")) this.script(`bare/${tool}`, `exec /usr/bin/${tool} "$@"`);
  }

  /** Why this machine cannot have one; undefined when it can. */
  static missing(): string | undefined {
    if (process.getuid?.() !== 0) return "a mount namespace needs root";
    for (const [tool, flag] of Object.entries({ sudo: "-V", unshare: "-V", openssl: "version" }))
      if (spawnSync(tool, [flag]).error) return `no ${tool} on this machine`;
    if (spawnSync("unshare", ["-mu", "true"]).status !== 0) return "no right to make a mount namespace";
    return spawnSync("/usr/sbin/sshd", ["-V"]).error && "no sshd on this machine";
  }

  async start(setup: SudoSetup): Promise<void> {
    await this.stop();
    this.write(setup);
    [this.port] = (await freePorts(1)) as [number];
    const config = [
      `Port ${this.port}`,
      "ListenAddress 127.0.0.1",
      `HostKey ${this.dir}/host`,
      "PidFile none",
      "UsePAM no",
      "StrictModes no",
      `AuthorizedKeysFile ${this.dir}/client.pub`,
      `SetEnv PULUMI_ACRN_ROOT=${this.tree}`,
      ...(setup.sshd ?? []),
    ];
    writeFileSync(join(this.dir, "sshd_config"), `${config.join("\n")}\n`);
    const binds = ["passwd", "shadow", "group", "sudoers", "hosts", "pam.d/sudo"].map(
      (name) => `mount --bind ${this.dir}/${name.replace("/", "-")} /etc/${name}`,
    );
    const script = [
      ...binds,
      "mount -t tmpfs tmpfs /run",
      "mkdir -m 755 /run/sshd",
      "mount -t tmpfs tmpfs /etc/sudoers.d",
      "mount -t tmpfs tmpfs /var/lib/sudo",
      "mount -t tmpfs tmpfs /var/log",
      "hostname acrn-sudo-test",
      `exec /usr/sbin/sshd -D -e -f ${this.dir}/sshd_config`,
    ].join(" && ");
    this.daemon = startDaemon(["unshare", "-mu", "--propagation", "private", "sh", "-c", script]);
    for (let round = 0; round < 500 && !(await this.answers()); round++) await sleep(10);
  }

  /** A new connection, so that nothing is remembered of what sudo wants. `port`: of a proxy in between. */
  transport(port = this.port): Transport {
    return new Pool({ idleMs: 50 }).transport({
      host: "127.0.0.1",
      port,
      user: USER,
      privateKey: this.keys.client,
      hostKey: this.keys.host,
      agent: false,
      sshConfig: false,
    });
  }

  async stop(): Promise<void> {
    await this.daemon?.stop();
    this.daemon = undefined;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }

  log(): string {
    return this.daemon?.log() ?? "";
  }

  private write(setup: SudoSetup): void {
    const { sudoers = [], password = PASSWORD, aging = "19000:0:99999:7:::", pam = PAM, shell = "/bin/sh" } = setup;
    const hash = execFileSync("openssl", ["passwd", "-6", "-stdin"], { input: password, encoding: "utf8" }).trim();
    const files: Record<string, readonly string[]> = {
      passwd: [
        "root:x:0:0:root:/root:/bin/sh",
        "sshd:x:102:65534::/run/sshd:/usr/sbin/nologin",
        `${USER}:x:${UID}:${UID}::${this.dir}/home:${shell.replace("%", this.dir)}`,
      ],
      shadow: [`root:${ROOT_HASH()}:19000:0:99999:7:::`, `${USER}:${hash}:${aging}`],
      group: ["root:x:0:", "nogroup:x:65534:", `${USER}:x:${UID}:`],
      sudoers: ["Defaults env_reset", "root ALL=(ALL:ALL) ALL", ...sudoers],
      hosts: [setup.hosts ?? "127.0.0.1 localhost acrn-sudo-test"],
      "pam.d-sudo": pam,
    };
    for (const [name, lines] of Object.entries(files)) {
      rmSync(join(this.dir, name), { force: true });
      writeFileSync(join(this.dir, name), `${lines.join("\n")}\n`, {
        mode: name === "sudoers" ? 0o440 : name === "shadow" ? 0o600 : 0o644,
      });
    }
  }

  private script(name: string, body: string): void {
    writeFileSync(join(this.dir, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  }

  private answers(): Promise<boolean> {
    return new Promise((settle) => {
      const socket = connect(this.port, "127.0.0.1");
      socket.once("error", () => settle(false));
      socket.once("connect", () => {
        socket.destroy();
        settle(true);
      });
    });
  }
}

export const ROOT_PASSWORD = "root's own";
let rootHash: string | undefined;
function ROOT_HASH(): string {
  rootHash ??= execFileSync("openssl", ["passwd", "-6", "-stdin"], { input: ROOT_PASSWORD, encoding: "utf8" }).trim();
  return rootHash;
}
