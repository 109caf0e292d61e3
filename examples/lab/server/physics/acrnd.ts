import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { addedVms } from "./acrnctl";
import type { BootedImage } from "./image";
import type { Unit, Units } from "./units";
import type { Vms } from "./vms";

const DEVICES = ["dev/acrn_hsm", "dev/acrn_vhm"];

const FOLDER = "/usr/share/acrn/conf/add";

/** acrnd: starts every VM of conf/add when it starts, side by side [acrnd.c, active_all_vms]. */
export class Acrnd {
  running = false;
  private readonly unit: Unit = { name: "acrnd.service", state: "active", status: 0, collect: false };

  constructor(
    private readonly machine: { dir: string; vms: Vms; units: Units; image(): BootedImage },
    public enabled: boolean,
  ) {}

  active(): boolean {
    return this.running;
  }

  /** As the boot does it. */
  start(asked = false): void {
    // acrnd.service: ConditionPathExists=/dev/acrn_hsm
    const { dir } = this.machine;
    if (this.running || !(this.enabled || asked) || !DEVICES.some((path) => existsSync(join(dir, path)))) return;
    this.running = true;
    mkdirSync(join(dir, "run/acrn/mngr"), { recursive: true });
    for (const vm of addedVms(dir)) if (!this.machine.vms.find(vm)) this.launch(vm, () => {});
  }

  /** `bash conf/add/<vm>.sh $(cat conf/add/<vm>.args)` [acrn_vm_ops.c, start_vm]. */
  launch(vm: string, ended: (status: number) => void): void {
    const { dir } = this.machine;
    let args: string[] = [];
    try {
      args = readFileSync(join(dir, FOLDER, `${vm}.args`), "utf8")
        .split(/\s+/)
        .filter(Boolean);
    } catch {
      // cat says so, and the script runs without
    }
    this.machine.units.spawn(this.unit, ["/bin/bash", `${FOLDER}/${vm}.sh`, ...args], {}, ended);
  }

  /** It asks every VM to stop; what is left of its control group is killed then, and a real-time VM is an orphan (systemd.kill(5)). */
  async stop(): Promise<void> {
    this.running = false;
    for (const vm of [...this.machine.vms.all]) this.stopVm(vm.name);
    await this.machine.units.stop(this.unit);
    this.machine.vms.sweep();
  }

  /** acrn-dm answers DM_STOP by pausing and destroying, which the hypervisor does not do to a VM that outranks the Service VM. */
  stopVm(name: string): boolean {
    const vm = this.machine.vms.find(name);
    if (!vm || vm.state === "orphan" || (vm.realtime && !this.machine.image().supervisor)) return false;
    this.machine.vms.end(vm, `stop ${name}`);
    return true;
  }
}
