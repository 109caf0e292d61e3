import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtHosts, layDown } from "../../examples/lab/hosts";
import { type Lab, startLab } from "../../examples/lab/lab";
import { snapshotTree, type Tree } from "../../examples/lab/tree";
import { Pool } from "../../provider/host/ssh/pool";
import { pulumiEnv } from "../../tools/pulumi-env";
import { run, until } from "../host/ssh/support";
import { spawnCli } from "../sdk/cli/support";
import { type Run, runPulumi } from "./engine-run";

const RT = "POST_RT_VM1";
/** Where the owner of the host keeps the script that starts the VM. */
export const HOME = "/root/acrn-work/launch_user_vm_id1.sh";
const PACKAGE = "usr/lib/x86_64-linux-gnu/acrn/cell-1-board/shared";
const SCRIPTS = "usr/share/acrn/launch-scripts/cell-1-board/shared";

/** A host as its owner left it: 3.x, systemd, the RTVM launched by hand from a script of ACRN's generator. */
export class Walk {
  readonly project: string;

  private constructor(
    private readonly dir: string,
    readonly lab: Lab,
    private readonly env: Readonly<Record<string, string>>,
  ) {
    this.project = join(dir, "my-cell");
  }

  static async start(): Promise<Walk> {
    const dir = realpathSync(mkdtempSync(join(tmpdir(), "acrn-walk-")));
    const [plan] = builtHosts();
    assert.ok(plan);
    const host = { ...layDown(plan, join(dir, "tree")), init: "systemd" as const, bootMs: 50, shutdownMs: 20 };
    mkdirSync(join(host.dir, "root/acrn-work"), { recursive: true });
    writeFileSync(join(host.dir, HOME), readFileSync(join(host.dir, SCRIPTS, "launch_user_vm_id1.sh")), {
      mode: 0o755,
    });
    return new Walk(dir, await startLab({ dir: join(dir, "lab"), hosts: [host] }), pulumiEnv(join(dir, "pulumi")));
  }

  async close(): Promise<void> {
    await this.lab.close();
    rmSync(this.dir, { recursive: true, force: true });
  }

  get machine() {
    return this.lab.host("cell-1").machine;
  }

  path(file: string): string {
    return join(this.lab.host("cell-1").dir, file);
  }

  read(file: string): string {
    return readFileSync(this.path(file), "utf8");
  }

  tree(): Tree {
    return snapshotTree(this.lab.host("cell-1").dir);
  }

  /** What runs of the RTVM: its acrn-dm and the arguments that count. */
  get rt(): { pid: number; memory: string; apicIds: string } {
    const { pid = 0, args = [] } = this.machine.vms().find(({ name }) => name === RT) ?? {};
    const after = (option: string) => args[args.indexOf(option) + 1] ?? "";
    return { pid, memory: after("-m"), apicIds: after("--cpu_affinity") };
  }

  /** On the host, as its owner. */
  on(command: string) {
    return run(new Pool().transport(this.lab.connection("cell-1")), command);
  }

  async launchByHand(): Promise<void> {
    const before = this.machine.events.length;
    await this.on(`cd $PULUMI_ACRN_ROOT/root/acrn-work && setsid nohup bash ${HOME} >/dev/null 2>&1 </dev/null &`);
    await this.happened(`launch ${RT}`, before);
  }

  happened(event: string, from: number): Promise<void> {
    return until(() => this.machine.events.slice(from).includes(event), `${event}: ${this.machine.events.join("; ")}`);
  }

  async cli(command: string, ...argv: string[]): Promise<string> {
    const ran = await spawnCli([...command.split(" "), "cell-1", ...argv, "--ssh-config", this.lab.sshConfig]).ended;
    assert.equal(ran.status, 0, ran.err);
    return ran.out;
  }

  async pulumi(...args: string[]): Promise<Run> {
    const env = { ...this.env, PULUMI_NODEJS_TRANSPILE_ONLY: "true" };
    const ran = await runPulumi(args, { cwd: this.project, env });
    assert.equal(ran.status, 0, ran.text);
    return ran;
  }

  up(): Promise<Run> {
    return this.pulumi("up", "--yes", "--skip-preview");
  }

  /** The user edits the program. */
  edit(from: string, to: string): void {
    const file = join(this.project, "index.ts");
    const text = readFileSync(file, "utf8");
    assert.ok(text.includes(from), `${from} in ${text}`);
    writeFileSync(file, text.replace(from, to));
  }

  /** The user builds ACRN from the scenario source and installs the package: another record, another image, dpkg's sums of both. */
  async install(): Promise<void> {
    const source = await this.cli("scenario pull");
    const image = `an image of ${createHash("sha256").update(source).digest("hex")}\n`;
    const brought = { [`${PACKAGE}/scenario.xml`]: source, [`${PACKAGE}/acrn.cell-1-board.shared.bin`]: image };
    const sums = "var/lib/dpkg/info/acrn-hypervisor.md5sums";
    let list = this.read(sums);
    for (const [file, text] of Object.entries(brought)) {
      writeFileSync(this.path(file), text);
      const md5 = createHash("md5").update(text).digest("hex");
      list = list.replace(new RegExp(`^[0-9a-f]{32}(?=  ${file}$)`, "m"), md5);
    }
    writeFileSync(this.path(sums), list);
    writeFileSync(this.path("boot/acrn-3.3.bin"), image);
  }

  /** A reboot with a live RTVM would take the machine off the net, so its owner powers it off inside first. */
  async rebootByHand(): Promise<void> {
    const before = this.machine.events.length;
    await run(new Pool().transport(this.lab.guest("cell-1", RT)), "poweroff").catch(() => undefined);
    await this.happened(`power-off ${RT}`, before);
    await this.on("reboot").catch(() => undefined);
    await this.happened("boot", before);
    await this.machine.settled();
  }
}
