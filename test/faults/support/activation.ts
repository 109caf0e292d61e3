import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { boots } from "../../../examples/lab/boots";
import { planActivation } from "../../../provider/converge/activate/plan";
import { runActivation } from "../../../provider/converge/activate/run";
import { apply } from "../../../provider/converge/apply";
import type { Draft } from "../../../provider/converge/draft";
import { Machine } from "../../../provider/converge/machine";
import { rebooted } from "../../../provider/converge/meet";
import { planResource } from "../../../provider/converge/plan-resource";
import { machineKey } from "../../../provider/core/snapshot";
import { type ActivationArgs, activationSchema } from "../../../provider/resources/activation";
import type { Connection } from "../../../provider/resources/host-settings";
import { kindOf } from "../../../provider/resources/kinds";
import { rtVmKind } from "../../../provider/resources/rt-vm";
import type { RtVmArgs } from "../../../provider/resources/rt-vm/schema";
import { Cell, RT, SCRIPT, STD } from "../../lab/support/cell";
import { type Fault, HOME, type Job } from "./activation-jobs";
import { installImage } from "./install-image";
import { WordTarget } from "./word-target";

const who = { stack: "s", kind: "RtVm", urns: ["urn:rt"] };

/** A machine whose RTVM and a neighbour of it were launched by hand, with something to activate. */
export class ActivationWorld {
  private neighbour = 0;
  private key: string | undefined;

  private constructor(
    readonly cell: Cell,
    private readonly job: Job,
  ) {}

  static async within<T>(job: Job, work: (world: ActivationWorld) => Promise<T>): Promise<T> {
    const files = {
      "etc/machine-id": `${randomUUID().replaceAll("-", "")}\n`,
      "root/acrn-work/vm1.img": "disk\n",
    };
    const cell = await Cell.start({ files });
    try {
      const world = new ActivationWorld(cell, job);
      await world.prepare();
      return await work(world);
    } finally {
      await cell.close();
    }
  }

  private async prepare(): Promise<void> {
    const { cell } = this;
    cell.write(HOME.slice(1), cell.read(SCRIPT[RT].slice(1)));
    await cell.launch(STD);
    await cell.launch(RT);
    this.neighbour = cell.pid(STD);
    await this.declare();
    if (this.job.act === "host-reboot") installImage(cell);
  }

  /** As an up does before it comes to the Activation. */
  async declare(): Promise<void> {
    const { args, pcpus } = this.job;
    const parsed = rtVmKind.schema.parse({ name: RT, partition: { pcpus: { [RT]: pcpus } }, ...args }) as RtVmArgs;
    const machine = this.machine();
    const { snapshot } = await machine.draft(rtVmKind.files?.(parsed));
    this.key = machineKey(snapshot.identity);
    await apply(machine, { plan: (draft: Draft) => planResource(draft, rtVmKind, who, parsed, "id1") });
  }

  /** A run is a process of its own: none remembers which boot another saw. */
  private machine(): Machine {
    if (this.key !== undefined) rebooted(this.key);
    return new Machine({ connection: this.cell.lab.connection("cell-1", { user: "root" }) as Connection });
  }

  private get args(): ActivationArgs {
    const { jump: _through, ...guest } = this.cell.lab.guest("cell-1", RT);
    return activationSchema.parse({
      allow: ["rtvm-power-cycle", "host-reboot"],
      guests: { [RT]: { ssh: guest } },
      limits: { powerOff: 10, launch: 20, reboot: 30 },
    });
  }

  /** One run of an Activation; what it did. Every step of it is told to `step`, as `word mark` or `event boot`. */
  async activate(step: (what: string, target: WordTarget) => void = () => {}): Promise<string[]> {
    const { cell, args } = this;
    const { lines: agreed, obstacles } = planActivation(await this.machine().draft(), args, kindOf);
    if (agreed.length === 0) return [];
    if (obstacles.length > 0) throw new Error(`in the way: ${obstacles.join("; ")}`);
    const machine = this.machine();
    const target = new WordTarget(machine.target(), (word) => step(`word ${word}`, target));
    machine.target = () => target;
    const listener = (event: string) => step(`event ${event}`, target);
    cell.machine.listeners.add(listener);
    try {
      const run = { agreed, expected: undefined, kinds: kindOf, progress: () => {} };
      const dead = target.dead.then((): string[] => []);
      return await Promise.race([runActivation(machine, args, run), dead]);
    } finally {
      cell.machine.listeners.delete(listener);
    }
  }

  /** Every step of an undisturbed run, in order. */
  static steps(job: Job): Promise<string[]> {
    return ActivationWorld.within(job, async (world) => {
      const seen: string[] = [];
      await world.activate((what) => void seen.push(what));
      return seen;
    });
  }

  /** One run that a fault hits; the error that the user sees, if he is still there. */
  async hit({ how, at, nth }: Fault): Promise<Error | undefined> {
    const { machine } = this.cell;
    let left = nth;
    const error = await this.activate((what, target) => {
      if (what !== at || --left !== 0) return;
      if (how === "power") void machine.powerCut();
      else target.break(how === "killed");
    }).then(
      () => undefined,
      (reason: Error) => reason,
    );
    if (left > 0) throw new Error(`${at} ${nth} was not reached: ${error?.message ?? "it ended well"}`);
    await machine.settled();
    return error;
  }

  /** What of the VM runs now. */
  get running(): "old" | "new" | "off" {
    const vm = this.cell.machine.vms().find(({ name }) => name === RT);
    if (vm?.state !== "running") return "off";
    const same = vm.args.join(" ").includes("-m 2048M") && String(vm.pcpus) === String(this.job.pcpus);
    return same ? "new" : "old";
  }

  /** After a power cut: does the tree boot, and does what is started at boot come back? */
  async afterBoot(): Promise<string[]> {
    const { cell, job } = this;
    const broken = boots(cell.path("."));
    if (!("autostart" in job.args) || !cell.machine.events.includes("boot")) return broken;
    for (let waited = 0; waited < 10_000 && this.running === "off"; waited += 50) await sleep(50);
    return this.running === "off" ? [...broken, "autostart does not bring the VM back"] : broken;
  }

  /** What must never happen, whatever is cut: of all that has been so far. */
  wrongs(): string[] {
    const { events } = this.cell.machine;
    const bad = events.filter((event) => /^(dark|off|panic|hangs|reset|shared)|refused/.test(event));
    const orphan = events.indexOf(`orphan ${RT}`);
    // when the power goes, every acrn-dm does
    if (orphan >= 0 && !events.slice(0, orphan).includes("power-cut")) bad.push(events[orphan] as string);
    const stood = events.some((event) => /^(power-cut|reboot)$/.test(event));
    const std = this.cell.machine.vms().find(({ name }) => name === STD);
    if (!stood && std?.pid !== this.neighbour) bad.push(`${STD} was interrupted`);
    return bad;
  }

  /**
   * Between the end of acrn-dm and the record of it, which whoever watched it writes within seconds, nobody can tell whether the VM runs: who comes in that
   * moment is told so, nothing is done, and he comes again. Whoever is told so for good has lost something.
   */
  private again(): Promise<string[]> {
    return this.activate().catch(async (error: Error) => {
      if (!/cannot be told/.test(error.message)) throw error;
      await sleep(6000);
      return this.activate();
    });
  }

  /** The next runs, an up and what it activates, until nothing is left to do; what is wrong then. */
  async finish(): Promise<string[]> {
    await this.declare();
    for (let runs = 0; runs < 3 && (await this.again()).length > 0; runs++) await this.declare();
    const { cell, running } = this;
    const left = ["var/lib/pulumi-acrn/cycling", "run/pulumi-acrn/hold"].filter((path) => existsSync(cell.path(path)));
    return [
      ...(running === "new" ? [] : [`in the end the VM is ${running}`]),
      ...left.map((path) => `${path} is left behind`),
      ...boots(cell.path(".")),
    ];
  }
}
