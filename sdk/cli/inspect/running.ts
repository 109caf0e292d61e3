import { livenessOn } from "../../../provider/converge/activate/liveness";
import { scriptsOf } from "../../../provider/converge/activate/scripts";
import type { Draft } from "../../../provider/converge/draft";
import type { Liveness } from "../../../provider/core/acrn/power/liveness";
import { homesOf, liveScript } from "../../../provider/core/acrn/rt-vm/homes";
import type { LaunchScript } from "../../../provider/core/acrn/types";
import type { RunningRow, ScriptRow, VmRow } from "./rows";

export function runningRows(draft: Draft, vms: readonly VmRow[]): RunningRow[] {
  return vms
    .filter(({ load }) => load === "post-launched")
    .map(({ name, realtime }) => {
      const { state, why } = realtime ? livenessOn(draft, name) : standard(draft, name);
      return { name, state, why, autostart: scriptsOf(draft, name).autostart };
    });
}

/** The hypervisor ends a standard VM with its acrn-dm [hypervisor/arch/x86/guest/vm.c, pause_vm]: without one it is off. */
function standard({ evidence: { running } }: Draft, name: string): Liveness {
  if (!running.known) return { state: "unknown", why: running.why };
  const process = running.vms.find((vm) => vm.name === name);
  return process
    ? { state: "running", pid: process.pid, why: `acrn-dm ${process.pid} is alive` }
    : { state: "off", why: "it has no acrn-dm" };
}

/** Where each script stands among the homes of its VM. Without a draft nobody knows which of them is claimed. */
export function scriptRows(draft: Draft | undefined, scripts: readonly LaunchScript[]): ScriptRow[] {
  return scripts.map((script) => {
    const { vm = "", path } = script;
    const claimed = draft ? scriptsOf(draft, vm).script : undefined;
    const homes = homesOf(vm, claimed ?? "", scripts);
    const role = homes.find((home) => home.path === path)?.role ?? "other";
    const runs = draft !== undefined && liveScript(vm, draft.evidence, draft.snapshot, homes) === path;
    return { ...script, role, runs };
  });
}
