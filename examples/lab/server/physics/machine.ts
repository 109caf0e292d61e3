import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Children, HOST_MARK } from "../children";
import { Acrnd } from "./acrnd";
import { putSystemd } from "./boot";
import { answer } from "./calls";
import { Desk, deskIn } from "./desk";
import { EventLog } from "./event-log";
import { Firmware } from "./firmware";
import type { GrubSpec } from "./grub/spec";
import { vmCarrier } from "./guest-power";
import { Guests } from "./guests";
import type { BootedImage } from "./image";
import type { MachineParts, MachineSpec } from "./parts";
import { PowerState } from "./power";
import { outranked } from "./rules";
import { bashEnv, hostStubs } from "./stub-texts";
import { Sysfs } from "./sysfs";
import { Timers } from "./timers";
import { Traces } from "./traces";
import { Translator } from "./translate";
import type { Front, GuestFront, MachineState, VmState } from "./types";
import { Units } from "./units";
import { type Vm, Vms } from "./vms";

/** How often dead acrn-dm processes are looked for, beside every command and call. */
const SWEEP_MS = 20;

/** One lab machine, beside its files: power, the booted image, VMs, units. Facts: acrn-reference.md 7b, and what each part cites. */
export class Machine extends EventLog implements MachineParts {
  boots = 1;
  readonly guests: Guests;
  readonly desk: Desk;
  readonly units: Units;
  /** Those that it has now, as the hypervisor sees them. */
  readonly table: Vms;
  readonly acrnd: Acrnd;
  readonly translator: Translator;
  private readonly firmware: Firmware;
  private readonly sysfs: Sysfs;
  private readonly power: PowerState;
  private readonly fronts: Front[] = [];
  private readonly timers = new Timers();
  private environment: () => NodeJS.ProcessEnv = () => ({});

  /** @param folder one of the lab's own for this machine @param bin where its stubs are @param guests one for each of `spec.guests` */
  constructor(
    readonly spec: MachineSpec,
    private readonly folder: string,
    private readonly bin: string,
    guests: ReadonlyMap<string, GuestFront>,
    children: Children,
  ) {
    super();
    const { dir, name } = spec;
    const log = (event: string): void => this.log(event);
    this.firmware = new Firmware(spec, log);
    this.guests = new Guests(spec.guests ?? {}, guests, children, (vm) => vmCarrier(this, vm));
    this.sysfs = new Sysfs(dir, this.image);
    this.translator = new Translator(dir, join(folder, "scripts"), bin);
    const traces = new Traces(dir, (word) => this.translator.original(word));
    const around = { dir, traces, log, cpus: this.sysfs.cpus, guests: this.guests };
    this.table = new Vms({
      ...around,
      image: () => this.image,
      panic: () => void this.power.go("panic", undefined, () => "dark"),
    });
    const units = { dir, bin, folder: join(folder, "units"), environment: () => this.environment() };
    this.units = new Units(units, children);
    this.acrnd = new Acrnd({ dir, vms: this.table, units: this.units, image: () => this.image }, spec.acrnd ?? true);
    const { fronts } = this;
    const ends = {
      killed: () => this.table.sweep(),
      dead: () => this.dead(),
      load: () => this.firmware.load(),
      boot: () => this.boot(),
    };
    const booted = () => this.acrnd.start();
    const times = { bootMs: spec.bootMs ?? 300, watchdogMs: spec.watchdog ? (spec.watchdogMs ?? 100) : undefined };
    this.power = new PowerState({ name, fronts, children, ...times, log, booted, ...ends });
    this.desk = new Desk(deskIn(folder), (call) => answer(call, this));
  }

  /** What the booted hypervisor was made from: without a menu, the record as it was at boot. */
  get image(): BootedImage {
    return this.firmware.image;
  }

  /** What its GRUB stands on; may be changed at any time. */
  get grub(): GrubSpec {
    return this.firmware.grub;
  }

  stubs(): Record<string, string> {
    return hostStubs(this.desk.folder, this.spec.dir);
  }

  /** What processes of the host have in their environment besides. */
  marks(): NodeJS.ProcessEnv {
    return { [HOST_MARK]: this.spec.name, BASH_ENV: join(this.folder, "bash-env") };
  }

  /** @param environment that of a process of the host */
  attach(front: Front, environment: () => NodeJS.ProcessEnv): void {
    this.fronts.push(front);
    this.environment = environment;
  }

  /** The machine is on already: what its tree says, runs. */
  start(): void {
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(join(this.folder, "bash-env"), bashEnv(this.bin, this.spec.dir));
    if (this.spec.init === "systemd") putSystemd(this.spec.dir);
    this.desk.open();
    this.sysfs.watch();
    this.table.adopt();
    this.timers.every(SWEEP_MS, () => this.table.sweep());
  }

  /** Before the processes of the lab are ended. */
  async close(): Promise<void> {
    this.timers.clear();
    this.sysfs.unwatch();
    this.desk.close();
    await this.power.abandon();
    await this.guests.stopAll();
  }

  /** The files say what is the case now; before a command, so that it sees what the one before did. */
  look(): void {
    this.table.sweep();
    this.sysfs.reconcile();
  }

  vms(): VmState[] {
    return this.table.states();
  }

  state(): MachineState {
    const { power, boots, sysfs } = this;
    const { booted } = this.firmware;
    return { power: power.now, boots, vms: this.vms(), offline: sysfs.cpus.offline(), ...(booted && { booted }) };
  }

  /** The power goes and comes back: whatever runs ends at once, the files stay as they are. Resolves when the host answers again. */
  powerCut(): Promise<void> {
    return this.power.go("power-cut", undefined, () => "boot");
  }

  /** Somebody holds the button until the machine is off, and presses it again. */
  powerButton(): Promise<void> {
    return this.power.go("power-button", undefined, () => "boot");
  }

  /** Once a boot or a shutdown that is under way has ended. */
  settled(): Promise<void> {
    return this.power.settled();
  }

  /** A reset by the VM of highest severity: everything starts anew. */
  coldReset(by: string): Promise<void> {
    return this.power.go(`reset by ${by}`, undefined, () => "boot");
  }

  /** A reset by the Service VM: of the machine, if nothing that lives ranks above it, else of itself alone (vm_reset.c). */
  reboot(asked?: Promise<void>): Promise<void> {
    return this.leave("reboot", "boot", asked);
  }

  /** S5 of the Service VM: the machine goes off once no VM is left (vm.c, is_ready_for_system_shutdown). */
  powerOff(asked?: Promise<void>): Promise<void> {
    return this.leave("poweroff", "off", asked);
  }

  /** Later, if the machine has not fallen meanwhile. */
  later(ms: number, vm: Vm, then: () => void): void {
    this.timers.after(ms, () => {
      if (this.table.all.includes(vm)) then();
    });
  }

  /** Who asked hears the answer first. */
  private leave(event: string, to: "boot" | "off", asked = Promise.resolve()): Promise<void> {
    const pause = () => new Promise<void>((settle) => setTimeout(settle, this.spec.shutdownMs ?? 30));
    return this.power.go(event, asked.then(pause), () => (outranked(this.image, this.table.all) ? "dark" : to));
  }

  private async dead(): Promise<void> {
    this.table.all.splice(0);
    this.units.clear();
    this.acrnd.running = false;
    await this.guests.stopAll();
  }

  private boot(): void {
    this.firmware.boot();
    this.sysfs.boot(this.image);
    this.boots++;
  }
}
