import { type Applied, apply, type Task } from "../../../provider/converge/apply";
import { planGuestActivation } from "../../../provider/converge/guest-activate/plan";
import { runGuestActivation } from "../../../provider/converge/guest-activate/run";
import { Machine } from "../../../provider/converge/machine";
import { type Planned, planResource, planWithdrawal } from "../../../provider/converge/plan-resource";
import { type ActivationArgs, activationSchema } from "../../../provider/resources/activation";
import { guestKernelTuningKind as kind } from "../../../provider/resources/guest-kernel-tuning";
import type { HostSettings } from "../../../provider/resources/host-settings";
import { pathsOf } from "../../../provider/resources/kind";
import { kindOf } from "../../../provider/resources/kinds";

const who = { stack: "s", kind: kind.type, urns: ["urn:tuning"] };

/** A guest with one GuestKernelTuning, driven as the engine drives it. */
export class Tuned {
  /** @param progress is told what an up or an Activation does */
  constructor(
    readonly settings: HostSettings,
    private readonly progress: (what: string) => void = () => {},
  ) {}

  machine(): Machine {
    return new Machine(this.settings);
  }

  async plan(args: Record<string, unknown>): Promise<Planned> {
    const parsed = kind.schema.parse(args);
    const draft = await this.machine().draft(pathsOf(kind, parsed), kind.texts?.(parsed));
    return planResource(draft, kind, who, parsed, "id1");
  }

  async up(args: Record<string, unknown>, more: Partial<Task> = {}): Promise<Applied> {
    const parsed = kind.schema.parse(args);
    const machine = this.machine();
    await machine.draft(pathsOf(kind, parsed), kind.texts?.(parsed));
    const { progress } = this;
    return apply(machine, { progress, ...more, plan: (draft) => planResource(draft, kind, who, parsed, "id1") });
  }

  /** What an Activation on it would do now. */
  async steps(allow: ActivationArgs["allow"] = ["guest-reboot"], more: Partial<ActivationArgs> = {}) {
    return planGuestActivation(await this.machine().draft(), activation(allow, more), kindOf);
  }

  /** Does it, as it was shown. */
  async activate(
    allow: ActivationArgs["allow"] = ["guest-reboot"],
    more: Partial<ActivationArgs> = {},
  ): Promise<string[]> {
    const { lines } = await this.steps(allow, more);
    return runGuestActivation(this.machine(), activation(allow, more), {
      agreed: lines,
      expected: undefined,
      kinds: kindOf,
      progress: this.progress,
    });
  }

  destroy(more: Partial<Task> = {}): Promise<Applied> {
    const plan = (draft: Parameters<typeof planWithdrawal>[0]) =>
      planWithdrawal(draft, Object.values(draft.ledger.owners), kindOf);
    return apply(this.machine(), { ...more, plan, following: false });
  }
}

function activation(allow: ActivationArgs["allow"], more: Partial<ActivationArgs>): ActivationArgs {
  return { ...activationSchema.parse({ allow }), ...more };
}
