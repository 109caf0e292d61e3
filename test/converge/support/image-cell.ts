import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { pendingOn, planActivation } from "../../../provider/converge/activate/plan";
import { type Run, runActivation } from "../../../provider/converge/activate/run";
import { agreedOn, apply } from "../../../provider/converge/apply";
import type { Draft } from "../../../provider/converge/draft";
import type { DeclaredHere } from "../../../provider/converge/final";
import { imageAround } from "../../../provider/converge/image/around";
import { settle } from "../../../provider/converge/image/settle";
import { Machine } from "../../../provider/converge/machine";
import { type Planned, planResource, planWithdrawal, refuse } from "../../../provider/converge/plan-resource";
import { AcrnError } from "../../../provider/core/errors";
import { type ActivationArgs, activationSchema } from "../../../provider/resources/activation";
import { corePartitionKind } from "../../../provider/resources/core-partition";
import type { Connection } from "../../../provider/resources/host-settings";
import { hypervisorImageKind } from "../../../provider/resources/hypervisor-image";
import type { Found, HypervisorImageArgs } from "../../../provider/resources/hypervisor-image/schema";
import type { ResourceKind } from "../../../provider/resources/kind";
import { kindOf } from "../../../provider/resources/kinds";
import { rtVmKind } from "../../../provider/resources/rt-vm";
import { type Cell, type CellOptions, RT, withCell } from "../../lab/support/cell";

/** The build of the lab, on the host; `flags` are lab-build's own. */
export const built = (flags = "") => ({
  build: { command: `lab-build "$BOARD_FILE" "$SCENARIO_FILE" "$OUT" ${flags}`.trim() },
});
export const ALL = ["hypervisor-install", "host-reboot", "rtvm-power-cycle"];
/** Beside the disk, which the scenario names by a relative path. */
export const OWNED = { owned: "/root/acrn-work/rt.sh" };
const owner = (kind: string) => ({ stack: "s", kind, urns: [`urn:${kind}`] });

/** A cell whose image is built, tried and promoted, as runs of the provider see it: each step on a connection and a read of its own. */
export class ImageCell {
  readonly said: string[] = [];
  readonly warned: string[] = [];
  private declared: DeclaredHere[] = [];

  constructor(readonly cell: Cell) {}

  readonly say = (text: string, how = "info"): void => {
    (how === "warning" ? this.warned : this.said).push(text);
  };

  machine(): Machine {
    return new Machine({ connection: this.cell.lab.connection("cell-1", { user: "root" }) as Connection });
  }

  /** A CorePartition and an RtVm on these pCPUs, whose script waits for an image that has them. */
  async rtVm(pcpus: readonly number[], more: Record<string, unknown> = {}): Promise<void> {
    await this.declare(corePartitionKind, {
      vms: { [RT]: pcpus },
      neighbours: "evict",
      sharing: { l2: ["POST_STD_VM1"] },
    });
    await this.declareRtVmAlone(pcpus, more);
  }

  /** On pCPUs that nobody else has. */
  async declareRtVmAlone(pcpus: readonly number[], more: Record<string, unknown> = {}): Promise<void> {
    await this.declare(rtVmKind, { name: RT, partition: { pcpus: { [RT]: pcpus } }, script: OWNED, ...more });
  }

  async declare<A>(kind: ResourceKind<A>, given: Record<string, unknown>): Promise<void> {
    const args = kind.schema.parse(given);
    this.remember(kind as unknown as ResourceKind<never>, args);
    const machine = this.machine();
    await machine.draft(kind.files?.(args));
    await apply(machine, { plan: (draft) => planResource(draft, kind, owner(kind.type), args, `id-${kind.type}`) });
  }

  /** The plan of what was declared before, on the machine as it is now. */
  async declaredAgain<A>(kind: ResourceKind<A>): Promise<string[]> {
    const { args } = this.declared.find((each) => each.kind.type === kind.type) ?? {};
    const draft = await this.machine().draft(kind.files?.(args as A));
    return planResource(draft, kind, owner(kind.type), args as A).lines;
  }

  /** The same image, claimed by another stack, too. */
  async alsoBy(stack: string, args: Record<string, unknown>): Promise<void> {
    const { args: full } = await this.preview(args);
    const who = { ...owner("HypervisorImage"), stack };
    const plan = (draft: Draft) => planResource(draft, hypervisorImageKind, who, full, `id-image-${stack}`);
    await apply(this.machine(), { plan });
  }

  /** A preview of the image. */
  async preview(
    args: Record<string, unknown>,
  ): Promise<{ planned: Planned; todo: string[]; args: HypervisorImageArgs & { found: Found } }> {
    const parsed = hypervisorImageKind.schema.parse(args);
    const machine = this.machine();
    const draft = await machine.draft(hypervisorImageKind.files?.(parsed));
    const found = (await imageAround.look(machine, draft, parsed)) as Found;
    const full = { ...parsed, found };
    return { planned: this.planImage(draft, full), todo: imageAround.todo(full), args: full };
  }

  /**
   * Preview and up of the image; returns its id.
   * @param between what happens after the preview
   */
  async image(args: Record<string, unknown> = built(), between: () => void = () => {}): Promise<string> {
    const { planned, args: full } = await this.preview(args);
    refuse(planned.refusals);
    between();
    this.remember(hypervisorImageKind as unknown as ResourceKind<never>, full);
    const machine = this.machine();
    const again = this.planImage(await machine.draft(hypervisorImageKind.files?.(full)), full);
    agreedOn(again, planned.lines);
    await imageAround.before(machine, full, again, this.say);
    await apply(machine, { plan: (draft) => this.planImage(draft, full), agreed: planned.lines });
    return planned.outputs.image as string;
  }

  /** The plan of a delete. */
  withdrawal(draft: Draft): Planned["plan"] {
    return this.planWithdrawal(draft).plan;
  }

  async withdraw(): Promise<void> {
    const machine = this.machine();
    await apply(machine, { plan: (draft) => this.planWithdrawal(draft), following: false });
    await imageAround.after(machine, this.say);
  }

  args(allow: string[] = ALL, more: Record<string, unknown> = {}): ActivationArgs {
    const { jump: _through, ...guest } = this.cell.lab.guest("cell-1", RT);
    const limits = { powerOff: 15, launch: 20, reboot: 30 };
    return activationSchema.parse({ allow, guests: { [RT]: { ssh: guest } }, limits, ...more });
  }

  /** What every claim of a kind says of what runs. */
  async pendingOf(kind: string): Promise<string[]> {
    const draft = await this.machine().draft();
    const fields = Object.values(draft.ledger.owners).filter((each) => each.kind === kind);
    assert.ok(fields.length > 0, `nobody claims a ${kind}`);
    return pendingOn(draft, (type) => (type === kind ? kindOf(type) : undefined)).map(({ evidence }) => evidence);
  }

  async plan(args: ActivationArgs = this.args()) {
    return planActivation(await this.machine().draft(), args, kindOf);
  }

  async activate(args: ActivationArgs = this.args(), more: Partial<Run> = {}): Promise<string[]> {
    const { lines } = await this.plan(args);
    const machine = this.machine();
    return runActivation(machine, args, {
      agreed: lines,
      expected: undefined,
      kinds: kindOf,
      progress: (text) => this.say(text),
      settle: (id) => settle(machine, id, this.declared, this.say),
      ...more,
    });
  }

  events(what: RegExp): string[] {
    return this.cell.events.filter((event) => what.test(event));
  }

  private planImage(draft: Draft, args: HypervisorImageArgs): Planned {
    return planResource(draft, hypervisorImageKind, owner("HypervisorImage"), args, "id-image");
  }

  private planWithdrawal(draft: Draft): Planned {
    const owners = Object.values(draft.ledger.owners).filter(({ kind }) => kind === "HypervisorImage");
    return planWithdrawal(draft, owners, kindOf);
  }

  private remember(kind: ResourceKind<never>, args: unknown): void {
    const urn = `urn:${kind.type}`;
    this.declared = [...this.declared.filter((each) => each.urn !== urn), { urn, kind, who: owner(kind.type), args }];
  }
}

export const on = (work: (host: ImageCell) => Promise<void>, options: CellOptions = {}) =>
  withCell(
    {
      menu: true,
      ...options,
      files: {
        "etc/machine-id": `${randomUUID().replaceAll("-", "")}\n`,
        "root/acrn-work/vm1.img": "disk\n",
        ...options.files,
      },
    },
    (cell) => work(new ImageCell(cell)),
  );

export async function failure(doing: Promise<unknown>): Promise<AcrnError> {
  const error = await doing.then(
    (did) => new Error(`it did not fail: ${JSON.stringify(did)}`),
    (reason: Error) => reason,
  );
  if (error instanceof AcrnError) return error;
  throw error;
}
