import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Python } from "../../support/python";
import { run } from "../../support/run-program";
import type { Hosts } from "../hosts/hosts";
import { MOVES, SOURCE } from "../hosts/tree";

/**
 * Ansible at its fastest for this: no facts, pipelining, as many forks as hosts, the interpreter named, and the cheapest
 * module that makes these edits. Its connections are as new as everybody's at each run.
 */
export class Ansible {
  private readonly env: NodeJS.ProcessEnv;

  constructor(
    private readonly python: Python,
    private readonly hosts: Hosts,
    private readonly dir: string,
  ) {
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, "ansible.cfg"), this.settings());
    writeFileSync(
      join(dir, "inventory"),
      hosts.names.map((name) => `${name} source=${join(hosts.tree(name), SOURCE)}\n`).join(""),
    );
    writeFileSync(join(dir, "play.yml"), stringify([{ hosts: "all", gather_facts: false, tasks: MOVES.map(task) }]));
    this.env = { ...process.env, ANSIBLE_CONFIG: join(dir, "ansible.cfg"), ANSIBLE_LOCAL_TEMP: join(dir, "tmp") };
  }

  /** Milliseconds of one `--check --diff`. */
  async preview(): Promise<number> {
    const args = ["-i", "inventory", "play.yml", "--check", "--diff"];
    const { took, stdout } = await run(this.python.program("ansible-playbook"), args, { cwd: this.dir, env: this.env });
    const shown = stdout.match(/^\+ +<pcpu_id>2[1-5]<\/pcpu_id>$/gm)?.length ?? 0;
    const due = this.hosts.names.length * MOVES.length;
    if (shown !== due) throw new Error(`Ansible shows ${shown} edits, not ${due}:\n${stdout.slice(-1000)}`);
    await this.hangUp();
    return took;
  }

  private settings(): string {
    const forks = this.hosts.names.length;
    return [
      "[defaults]",
      `forks = ${forks}`,
      `interpreter_python = ${this.python.program("python3")}`,
      "nocows = true",
      "[ssh_connection]",
      "pipelining = true",
      `ssh_args = -F ${this.hosts.sshConfig} -o ControlMaster=auto -o ControlPersist=60s`,
      `control_path_dir = ${this.controls}`,
      "control_path = %(directory)s/%%C",
      "",
    ].join("\n");
  }

  private get controls(): string {
    return join(this.dir, "c");
  }

  /** Ends the masters that its ssh leaves behind for a minute (ssh_config(5), ControlPersist). */
  private async hangUp(): Promise<void> {
    for (const socket of readdirSync(this.controls))
      await run("ssh", ["-S", join(this.controls, socket), "-O", "exit", "host"]).catch(() => {}); // it is gone already
  }
}

function task({ from, to }: (typeof MOVES)[number]): object {
  const line = `        <pcpu_id>${to}</pcpu_id>`;
  return { "ansible.builtin.lineinfile": { path: "{{ source }}", regexp: `<pcpu_id>${from}</pcpu_id>`, line } };
}
