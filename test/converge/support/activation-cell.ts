import { randomUUID } from "node:crypto";
import { planActivation } from "../../../provider/converge/activate/plan";
import { type Run, runActivation } from "../../../provider/converge/activate/run";
import { apply } from "../../../provider/converge/apply";
import type { Draft } from "../../../provider/converge/draft";
import { Machine } from "../../../provider/converge/machine";
import { planResource } from "../../../provider/converge/plan-resource";
import { AcrnError } from "../../../provider/core/errors";
import { type ActivationArgs, activationSchema } from "../../../provider/resources/activation";
import type { Connection, HostSettings } from "../../../provider/resources/host-settings";
import { kindOf } from "../../../provider/resources/kinds";
import { rtVmKind } from "../../../provider/resources/rt-vm";
import type { RtVmArgs } from "../../../provider/resources/rt-vm/schema";
import { installImage } from "../../faults/support/install-image";
import { type Cell, type CellOptions, RT, SCRIPT, withCell } from "../../lab/support/cell";

const who = { stack: "s", kind: "RtVm", urns: ["urn:rt"] };
/** Beside the disk, which the scenario names by a relative path. */
export const OWNED = { owned: "/root/acrn-work/rt.sh" };
const HAND = "/root/acrn-work/launch_user_vm_id1.sh";

/** A cell with something to activate, as runs of the provider see it. */
export class ActivationCell {
  constructor(readonly cell: Cell) {}

  machine(settings: Partial<HostSettings> = {}): Machine {
    return new Machine({ connection: this.cell.lab.connection("cell-1", { user: "root" }) as Connection, ...settings });
  }

  /** The guest's own address. */
  get ssh(): unknown {
    const { jump: _through, ...guest } = this.cell.lab.guest("cell-1", RT);
    return guest;
  }

  args(allow: string[], more: Record<string, unknown> = {}): ActivationArgs {
    const limits = { powerOff: 15, launch: 20, reboot: 30 };
    return activationSchema.parse({ allow, guests: { [RT]: { ssh: this.ssh } }, limits, ...more });
  }

  async declare(args: Record<string, unknown> = {}): Promise<void> {
    const whole = { name: RT, partition: { pcpus: { [RT]: [3] } }, script: OWNED, ...args };
    const parsed = rtVmKind.schema.parse(whole) as RtVmArgs;
    const machine = this.machine();
    await machine.draft(rtVmKind.files?.(parsed));
    await apply(machine, { plan: (draft: Draft) => planResource(draft, rtVmKind, who, parsed, "id1") });
  }

  /** Launched by hand, and other memory is to run: by a script that somebody wrote, or by one of ours. */
  async toCycle(script: "owned" | "edited" = "owned"): Promise<void> {
    this.cell.write(HAND.slice(1), this.cell.read(SCRIPT[RT].slice(1)));
    await this.cell.launch(RT);
    await this.declare({ memory: "2G", script: script === "owned" ? OWNED : { edited: HAND } });
  }

  /** It is to move, and the image that has its pCPUs is installed and not booted. */
  async toReboot(pcpus = [2, 3]): Promise<void> {
    if (this.cell.machine.vms().length === 0) await this.cell.launch(RT);
    await this.declare({ partition: { pcpus: { [RT]: pcpus } } });
    installImage(this.cell);
  }

  async plan(args: ActivationArgs) {
    return planActivation(await this.machine().draft(), args, kindOf);
  }

  async run(args: ActivationArgs, more: Partial<Run> = {}): Promise<string[]> {
    const { lines } = await this.plan(args);
    const progress = () => {};
    return runActivation(this.machine(), args, {
      agreed: lines,
      expected: undefined,
      kinds: kindOf,
      progress,
      ...more,
    });
  }

  events(what: RegExp): string[] {
    return this.cell.events.filter((event) => what.test(event));
  }
}

export const on = (work: (host: ActivationCell) => Promise<void>, options: CellOptions = {}) =>
  withCell(
    {
      ...options,
      files: {
        "etc/machine-id": `${randomUUID().replaceAll("-", "")}\n`,
        "root/acrn-work/vm1.img": "disk\n",
        ...options.files,
      },
    },
    (cell) => work(new ActivationCell(cell)),
  );

export async function failure(doing: Promise<unknown>): Promise<AcrnError> {
  const error = await doing.then(
    (did) => new Error(`it did not fail: ${JSON.stringify(did)}`),
    (reason: Error) => reason,
  );
  if (error instanceof AcrnError) return error;
  throw error;
}
