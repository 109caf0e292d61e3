import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { parse, stringify } from "yaml";
import { getTransport } from "../../provider/host/ssh";
import { builtHosts, layDown } from "../lab/hosts";
import { type Lab, type LabHost, startLab } from "../lab/lab";
import { environment } from "./environment";
import { type Ended, shown } from "./shown";

const ROOT = join(__dirname, "../..");
const HOST = "cell-1";
const VM = "POST_RT_VM1";
const STACK = "demo";

/** Where the owner of the host keeps the script that starts the VM. */
export const LAUNCH = "/root/acrn-work/launch_user_vm_id1.sh";
const LAUNCH_PACKAGED = "/usr/share/acrn/launch-scripts/cell-1-board/shared/launch_user_vm_id1.sh";

/** In the environment of all that the demo starts, so that what outlives its parent is found again. */
const MARK = "ACRN_DEMO_ID";

/**
 * Where the demo plays: a simulated host, a project whose program is the root Pulumi.yaml's, and a Pulumi backend, all of
 * them in a folder of their own. A lab that runs (`npm run lab`) and the user's own stacks are not touched.
 */
export class Stage {
  private constructor(
    readonly dir: string,
    readonly lab: Lab,
    private readonly mark: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  static async build(): Promise<Stage> {
    const dir = realpathSync(mkdtempSync(join(tmpdir(), "pulumi-acrn-demo-")));
    try {
      const plan = builtHosts().find(({ host }) => host.name === HOST);
      if (!plan) throw new Error(`the lab has no plan for ${HOST}`);
      // With a menu of GRUB's, so that it can be told what to boot.
      const host = layDown({ ...plan, tree: { ...plan.tree, grub: true } }, join(dir, "tree"));
      copyToHome(host.dir);
      const lab = await startLab({ dir: join(dir, "lab"), hosts: [host] });
      const mark = randomUUID();
      const stage = new Stage(dir, lab, mark, { ...environment(dir), [MARK]: mark });
      stage.makeProject();
      return stage;
    } catch (error) {
      rmSync(dir, { recursive: true, force: true });
      throw error;
    }
  }

  get host(): LabHost {
    return this.lab.host(HOST);
  }

  /** The real command line, its output as it comes. What is only for a pipe in place of a terminal is not shown. */
  pulumi(...args: string[]): Promise<Ended> {
    const unshown = ["--non-interactive", "--suppress-progress", "--suppress-permalink=true", ...color()];
    return shown("pulumi", args, { cwd: this.cwd, env: this.env, unshown });
  }

  /** An output of the stack, as it is. */
  output(name: string): Promise<Ended> {
    return shown("pulumi", ["stack", "output", name], { cwd: this.cwd, env: this.env, unshown: ["--non-interactive"] });
  }

  /** A command of the package's own command line about the host. */
  acrn(command: string): Promise<Ended> {
    const args = [command, HOST, "--ssh-config", this.lab.sshConfig];
    return shown("pulumi-acrn", args, { cwd: this.dir, env: this.env });
  }

  /** `pulumi config set` of the stack. */
  configure(...args: string[]): Promise<Ended> {
    return shown("pulumi", ["config", "set", ...args], {
      cwd: this.cwd,
      env: this.env,
      unshown: ["--non-interactive"],
    });
  }

  /** A command by somebody else, on the host or in the OS of its VM: with OpenSSH's client where there is one, else with ours. */
  async byHand(command: string, where: "host" | "guest" = "host"): Promise<Ended> {
    const name = where === "host" ? HOST : `${HOST}.${VM}`;
    const ssh = spawnSync("ssh", ["-V"]).status === 0;
    if (ssh) return shown("ssh", ["-F", this.lab.sshConfig, name, command], { cwd: this.dir, env: this.env });
    console.log(`$ ssh ${name} ${command}`);
    const to = where === "host" ? this.lab.connection(HOST) : this.lab.guest(HOST, VM);
    const process = await getTransport(to).exec(command);
    process.stdin.end();
    const said = await text(process.stdout);
    return { status: (await process.exit).code ?? -1, text: said };
  }

  /** The real-time VM as it runs: its acrn-dm, and the memory that was given. */
  get vm(): { pid: number; memory: string } | undefined {
    const found = this.host.machine.vms().find(({ name }) => name === VM);
    if (found?.pid === undefined) return undefined;
    return { pid: found.pid, memory: found.args[found.args.indexOf("-m") + 1] ?? "" };
  }

  /** How often the host has booted, the boot that is not done yet aside. */
  get boots(): number {
    const { boots, power } = this.host.machine.state();
    return power === "up" ? boots : boots - 1;
  }

  /** Pids of what the demo has started, on the host's side and on Pulumi's, and still runs. */
  processes(): number[] {
    const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    const own = pids.filter((pid) => environ(pid).includes(`${MARK}=${this.mark}`)).map(Number);
    return [...new Set([...own, ...this.lab.processes()])];
  }

  /** Ends what still runs; the folder goes too. */
  async close(): Promise<void> {
    // More than once: one that is about to end may start another.
    for (let round = 0; round < 100 && this.processes().length > 0; round++) {
      for (const pid of this.processes()) end(pid);
      await new Promise((settle) => setTimeout(settle, 20));
    }
    await this.lab.close();
    rmSync(this.dir, { recursive: true, force: true });
  }

  private get cwd(): string {
    return join(this.dir, "project");
  }

  private makeProject(): void {
    mkdirSync(this.cwd);
    const project = parse(readFileSync(join(ROOT, "Pulumi.yaml"), "utf8")) as { main: string };
    writeFileSync(join(this.cwd, "Pulumi.yaml"), stringify({ ...project, main: join(ROOT, project.main) }));
    const config = { "acrn:host": HOST, "acrn:sshConfig": this.lab.sshConfig };
    writeFileSync(join(this.cwd, `Pulumi.${STACK}.yaml`), stringify({ config }));
    const made = spawnSync("pulumi", ["stack", "init", STACK, "--non-interactive"], {
      cwd: this.cwd,
      env: this.env,
      encoding: "utf8",
    });
    if (made.status !== 0) throw new Error(`pulumi stack init: ${made.stderr}`);
  }
}

/** As ACRN's documentation has it: the generated script is taken to a folder of one's own and started there. */
function copyToHome(dir: string): void {
  const [packaged, home] = [LAUNCH_PACKAGED, LAUNCH].map((path) => join(dir, path)) as [string, string];
  mkdirSync(dirname(home), { recursive: true });
  copyFileSync(packaged, home);
}

function color(): string[] {
  return process.stdout.isTTY ? ["--color=always"] : [];
}

function environ(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1").split("\0");
  } catch {
    return []; // gone meanwhile, or another user's
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it ended by itself
  }
}
