import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { HostTreeSpec } from "../../../examples/lab/builder";
import { builtHosts, layDown } from "../../../examples/lab/hosts";
import { type Lab, type LabHostSpec, type Machine, startLab } from "../../../examples/lab/lab";
import { Pool } from "../../../provider/host/ssh/pool";
import { type Outcome, run, until } from "../../host/ssh/support";

export const RT = "POST_RT_VM1";
export const STD = "POST_STD_VM1";
const SCRIPTS = "/usr/share/acrn/launch-scripts/cell-1-board/shared";

/** The scripts that the lab's builder makes for cell-1. */
export const SCRIPT = { [RT]: `${SCRIPTS}/launch_user_vm_id1.sh`, [STD]: `${SCRIPTS}/launch_user_vm_id2.sh` } as const;

/** Arguments that the booted image of cell-1 takes: APIC ids are twice the pCPU ids. */
export const RT_ARGS = `--cpu_affinity 6 -m 1024M --rtvm --lapic_pt ${RT}`;
export const STD_ARGS = `--cpu_affinity 2 -m 1024M ${STD}`;

export interface CellOptions extends Partial<LabHostSpec> {
  /** Which of the lab's own hosts. @default 0, cell-1 */
  host?: number;
  /** It has booted by a menu of GRUB's. @default false */
  menu?: boolean;
  /** The tree of that host, changed. */
  tree?: (spec: HostTreeSpec) => HostTreeSpec;
  /** Files changed before the machine starts. */
  files?: Readonly<Record<string, string | ((text: string) => string)>>;
}

/** One lab machine with its guests, for one test. */
export class Cell {
  private constructor(
    readonly lab: Lab,
    private readonly dir: string,
    private readonly name: string,
  ) {}

  static async start({ host = 0, files = {}, menu, tree: change, ...spec }: CellOptions = {}): Promise<Cell> {
    const dir = mkdtempSync(join(tmpdir(), "acrn-physics-"));
    const plan = builtHosts()[host];
    assert.ok(plan);
    const guests = { [RT]: { address: "192.168.1.10" }, [STD]: { address: "192.168.1.11" } };
    const changed = change ? change(plan.tree) : plan.tree;
    const tree = layDown({ ...plan, tree: { ...changed, ...(menu && { grub: spec.grub ?? {} }) } }, join(dir, "tree"));
    const users = { root: {} };
    const full = { ...tree, users, guests, bootMs: 30, shutdownMs: 10, ...spec };
    for (const [path, change] of Object.entries(files)) {
      const file = join(full.dir, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, typeof change === "string" ? change : change(readFileSync(file, "utf8")), { mode: 0o755 });
    }
    return new Cell(await startLab({ dir: join(dir, "lab"), hosts: [full] }), dir, full.name);
  }

  get machine(): Machine {
    return this.lab.host(this.name).machine;
  }

  get events(): readonly string[] {
    return this.machine.events;
  }

  /** A command on the host. */
  on(command: string, input = ""): Promise<Outcome> {
    return run(new Pool().transport(this.lab.connection(this.name, { user: "root" })), command, input);
  }

  /** A command inside a VM. */
  in(vm: string, command: string): Promise<Outcome> {
    return run(new Pool().transport(this.lab.guest(this.name, vm)), command);
  }

  /** Starts a command that stays, in a session of its own, and waits for an event. */
  async start(command: string, event: string | RegExp): Promise<void> {
    const before = this.events.length;
    await this.on(`setsid nohup sh -c '${command}' >/dev/null 2>&1 </dev/null &`);
    await this.happened(event, before);
  }

  launch(vm: typeof RT | typeof STD): Promise<void> {
    return this.start(`bash ${SCRIPT[vm]}; echo $? >$PULUMI_ACRN_ROOT/status`, `launch ${vm}`);
  }

  happened(event: string | RegExp, from = 0): Promise<void> {
    const fits = (text: string) => (typeof event === "string" ? text === event : event.test(text));
    return until(() => this.events.slice(from).some(fits), `${event} (there was: ${this.events.join("; ")})`);
  }

  path(path: string): string {
    return join(this.lab.host(this.name).dir, path);
  }

  has(path: string): boolean {
    return existsSync(this.path(path));
  }

  read(path: string): string {
    return readFileSync(this.path(path), "utf8");
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), text, { mode: 0o755 });
  }

  /** The pid of a VM's acrn-dm. */
  pid(vm: string): number {
    const { pid } = this.machine.vms().find(({ name }) => name === vm) ?? {};
    assert.ok(pid, `${vm} has no acrn-dm`);
    return pid;
  }

  get bootId(): string {
    return this.read("proc/sys/kernel/random/boot_id");
  }

  async close(): Promise<void> {
    await this.lab.close();
    assert.deepEqual(this.lab.processes(), [], "processes were left behind");
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** A machine for one test; it ends with it, whatever comes of it. */
export const withCell = (options: CellOptions, work: (cell: Cell) => Promise<void>) => async (): Promise<void> => {
  const cell = await Cell.start(options);
  try {
    await work(cell);
  } finally {
    await cell.close();
  }
};
