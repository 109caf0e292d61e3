import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UNIT_MARK } from "../children";
import type { SvmCpus } from "./cpus";
import type { Call } from "./desk";
import { parseDmArgs } from "./dm-args";
import type { Guests } from "./guests";
import { type BootedImage, closOf } from "./image";
import { admit } from "./rules";
import { startOf, type Traces } from "./traces";
import type { VmState } from "./types";

/** A VM as the hypervisor has it; its acrn-dm is a call that is not answered yet. */
export interface Vm extends VmState {
  bootArgs?: string | undefined;
  call?: Call;
  /** Start time of acrn-dm: with the pid it is one process for ever. */
  start?: string | undefined;
}

/** What VMs need of their machine. */
export interface Around {
  dir: string;
  image(): BootedImage;
  cpus: SvmCpus;
  traces: Traces;
  guests: Guests;
  log(event: string): void;
  panic(): void;
}

/** The post-launched VMs of a machine. */
export class Vms {
  readonly all: Vm[] = [];

  constructor(private readonly around: Around) {}

  find(name: string): Vm | undefined {
    return this.all.find((vm) => vm.name === name);
  }

  /** As one who asks from outside sees them. */
  states(): VmState[] {
    this.sweep();
    return this.all.map(({ name, realtime, pcpus, state, pid, args }) => {
      const clos = closOf(this.around.image(), name, pcpus);
      return { name, realtime, pcpus, state, args, ...(pid !== undefined && { pid }), ...(clos && { clos }) };
    });
  }

  /** What the tree said at the start: without a process of the lab. */
  adopt(): void {
    const { dir } = this.around;
    const folder = join(dir, "proc");
    for (const pid of existsSync(folder) ? readdirSync(folder).filter((name) => /^\d+$/.test(name)) : []) {
      const file = join(folder, pid, "cmdline");
      const [program = "", ...args] = existsSync(file) ? readFileSync(file, "latin1").split("\0").slice(0, -1) : [];
      const parsed = parseDmArgs(args, this.around.image().version);
      if (!/(^|\/)acrn-dm$/.test(program) || "refusal" in parsed) continue;
      const verdict = admit(parsed, { image: { ...this.around.image(), rdt: false }, vms: [], iasl: true });
      const pcpus = "pcpus" in verdict ? verdict.pcpus : [];
      const { name, realtime } = parsed;
      this.all.push({ name, realtime, pcpus, state: "running", pid: Number(pid), args });
      void this.around.guests.start(name, parsed.bootArgs);
    }
  }

  /** acrn-dm. */
  launch(call: Call, args: string[]): void {
    const { image, cpus, traces, guests, log, panic } = this.around;
    this.sweep();
    cpus.reconcile();
    const parsed = parseDmArgs(args, image().version);
    const name = "refusal" in parsed ? (args.at(-1) ?? "") : parsed.name;
    const refuse = (text: string): void => {
      log(`launch ${name} refused: ${text}`);
      call.err(`acrn-dm: ${text}`);
      call.exit(1);
    };
    if (!call.root || !this.device()) return void refuse("could not open /dev/acrn_hsm");
    if ("refusal" in parsed) return void refuse(parsed.refusal);
    for (const warning of parsed.warnings) call.err(`acrn-dm: ${warning}`);
    const verdict = admit(parsed, { image: image(), vms: this.all, iasl: this.iasl() });
    if ("refusal" in verdict) return void refuse(verdict.refusal);
    if ("panic" in verdict) {
      log(`panic by ${verdict.panic}`);
      return void panic();
    }
    const { pcpus } = verdict;
    const { realtime, bootArgs } = parsed;
    const shared = realtime ? cpus.shared(pcpus, image()) : [];
    // create_vm takes for granted that these were offlined before
    if (shared.length > 0) log(`shared ${name}: pCPU ${shared} is still the Service VM's`);
    const start = startOf(call.pid);
    this.all.push({ name, realtime, pcpus, state: "running", pid: call.pid, args, bootArgs, call, start });
    traces.show(name, call.pid, args, unitOf(call.pid), process.pid);
    log(`launch ${name}`);
    void guests.start(name, bootArgs);
  }

  /** Which acrn-dm processes were killed: their VMs run on, and nobody can destroy them (vm.c pause_vm, hcall_destroy_vm). */
  sweep(): void {
    for (const vm of this.all)
      if (vm.state === "running" && vm.call && startOf(vm.call.pid) !== vm.start) this.orphan(vm, false);
  }

  /** SIGHUP or SIGINT: main.c leaves its loop as after a power-off, and with status 0, but an RTVM cannot be paused. */
  signalled(pid: number, supervisor: boolean): void {
    const vm = this.all.find((one) => one.pid === pid && one.state === "running");
    if (!vm) return;
    if (!vm.realtime || supervisor) return void this.end(vm, `stop ${vm.name}`);
    const { call } = vm;
    this.orphan(vm, true);
    call?.exit(0);
  }

  /** The VM is off, and acrn-dm ends by itself. */
  end(vm: Vm, event: string): void {
    const index = this.all.indexOf(vm);
    if (index < 0 || vm.state === "orphan") return;
    this.all.splice(index, 1);
    if (vm.pid !== undefined) this.around.traces.hide(vm.name, vm.pid, true);
    this.around.log(event);
    vm.call?.exit(0);
    void this.around.guests.stop(vm.name);
  }

  private orphan(vm: Vm, clean: boolean): void {
    vm.state = "orphan";
    if (vm.pid !== undefined) this.around.traces.hide(vm.name, vm.pid, clean);
    delete vm.pid;
    delete vm.call;
    this.around.log(`orphan ${vm.name}`);
  }

  private device(): boolean {
    return ["acrn_hsm", "acrn_vhm"].some((name) => existsSync(join(this.around.dir, "dev", name)));
  }

  /** A tree without programs says nothing about one of them. */
  private iasl(): boolean {
    const has = (name: string) => existsSync(join(this.around.dir, "usr/bin", name));
    return has("iasl") || !has("acrn-dm");
  }
}

function unitOf(pid: number): string {
  try {
    const entries = readFileSync(`/proc/${pid}/environ`, "latin1").split("\0");
    return entries.find((entry) => entry.startsWith(`${UNIT_MARK}=`))?.slice(UNIT_MARK.length + 1) ?? "";
  } catch {
    return "";
  }
}
