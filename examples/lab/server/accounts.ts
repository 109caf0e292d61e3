import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeStubs } from "./stubs";
import type { LabHostSpec, LabUser, SudoMode } from "./types";

/** The users of a lab host, and what a command of theirs finds around it. */
export class Accounts {
  readonly users: Readonly<Record<string, LabUser>>;

  /** @param state a folder of the lab's own for this host: stub commands and the passwords that sudo asks for @param stubs beside id and sudo */
  constructor(
    private readonly spec: LabHostSpec,
    private readonly state: string,
    stubs: Readonly<Record<string, string>>,
  ) {
    this.users = spec.users ?? { root: {} };
    writeStubs(join(state, "bin"), { ...spec, commands: { ...stubs, ...spec.commands } }, this.sudo());
    for (const [name, user] of Object.entries(this.users)) {
      mkdirSync(this.home(name), { recursive: true });
      writeFileSync(this.secret(name), user.password ?? spec.password ?? "", { mode: 0o600 });
    }
  }

  /** Who logs in unless told otherwise. */
  get first(): string {
    return this.spec.user ?? (Object.keys(this.users)[0] as string);
  }

  home(user: string): string {
    return join(this.spec.dir, user === "root" ? "root" : `home/${user}`);
  }

  /** Like sshd's: little, and nothing of whoever runs the lab. The prefix of the tree is set here, on the host's side. */
  environment(user: string): NodeJS.ProcessEnv {
    return {
      HOME: this.home(user),
      USER: user,
      LOGNAME: user,
      SHELL: "/bin/sh",
      PATH: `${join(this.state, "bin")}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
      PULUMI_ACRN_ROOT: this.spec.dir,
      PULUMI_ACRN_LAB_UID: String(this.uid(user)),
      PULUMI_ACRN_LAB_SECRET: this.secret(user),
    };
  }

  /** Where the sudo of the host finds a user's password: not in the environment, which scripts may print. */
  private secret(user: string): string {
    return join(this.state, `password-${user}`);
  }

  private uid(user: string): number {
    return this.users[user]?.uid ?? (user === "root" ? 0 : 1000);
  }

  private sudo(): SudoMode {
    const allRoot = Object.keys(this.users).every((user) => this.uid(user) === 0);
    return this.spec.sudo ?? (allRoot ? "root" : "nopasswd");
  }
}
