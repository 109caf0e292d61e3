import assert from "node:assert/strict";
import { AcrnError } from "../../../../provider/core/errors";
import type { HostSettings } from "../../../../provider/resources/host-settings";
import { Tuned } from "../../../converge/support/tuned";
import type { Machine } from "./machine";

/** What the tips come to on two CPUs of which the second is real-time (T10 to T12, T18, T19). */
export const TIPS =
  "isolcpus=nohz,domain,1 idle=poll rcu_nocbs=1 rcu_nocb_poll mce=off processor.max_cstate=0 intel_idle.max_cstate=0 intel_pstate=disable";

/** A line that the kernel takes and that finds no root. */
export const NO_ROOT = { root: "UUID=00000000-0000-4000-8000-000000000000" };

/** Seconds; emulated, on processors that others use too. */
const LIMITS = { powerOff: 300, launch: 300, reboot: 600 };

type Args = Record<string, unknown>;

/** A machine with the provider's side of it: one GuestKernelTuning, and Activations. */
export class Guest {
  /** Is told what goes on in an up or an Activation. */
  onProgress: (what: string) => void = () => {};
  private readonly tuned: Tuned;

  constructor(
    readonly machine: Machine,
    connection: Machine["connection"],
    private readonly act: "rtvm-power-cycle" | "guest-reboot",
  ) {
    const settings: HostSettings = {
      // emulated: a login takes seconds when both cores are busy
      connection: { ...connection, connectTimeout: 45 } as Extract<HostSettings["connection"], { host: string }>,
      guest: act === "rtvm-power-cycle" ? { vm: "RT" } : {},
    };
    this.tuned = new Tuned(settings, (what) => this.onProgress(what));
  }

  async up(args: Args): Promise<void> {
    await this.tuned.up(args);
  }

  async destroy(): Promise<void> {
    await this.tuned.destroy();
  }

  activate(): Promise<string[]> {
    return this.tuned.activate([this.act], { limits: LIMITS });
  }

  /** Fails with this code, and says that. */
  async goesBack(says: RegExp): Promise<void> {
    await assert.rejects(this.activate(), (error) => {
      assert.ok(error instanceof AcrnError, String(error));
      assert.equal(error.code, "trial.went-back", error.message);
      assert.match(error.message, says);
      return true;
    });
  }

  /** Law 1: what was applied has nothing left to do. */
  async settled(args: Args): Promise<void> {
    assert.deepEqual((await this.tuned.plan(args)).lines, []);
  }

  /** Nor does anything of it wait for another boot. */
  async active(args: Args): Promise<void> {
    const { lines, pending } = await this.tuned.plan(args);
    const waits = pending.filter(({ state }) => state !== "active");
    assert.deepEqual([lines, waits.map(({ field, evidence }) => `${field}: ${evidence}`)], [[], []]);
  }

  /** By the guest's own word, and not by what the provider reads. */
  async cat(path: string): Promise<string> {
    return (await this.machine.shell.run(`cat ${path}`)).trim();
  }
}
