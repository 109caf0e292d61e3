import type { PowerPlan, PowerVm, Step } from "../../core/acrn/power/steps";
import { type Allowed, allowedBy, takes } from "../../core/acrn/rt-vm/allowed";
import type { Draft } from "../draft";
import { runningOn } from "./running-on";
import { evidenceAfter, type ScriptsOfVm, scriptsOf } from "./scripts";

/** What would keep a VM from starting again once it is off: asked before it goes off. */
export function doors(draft: Draft, { steps }: Pick<PowerPlan, "steps">): string[] {
  return steps.flatMap((step: Step) => {
    if (step.act === "rtvm-power-cycle") return afterCycle(draft, step.vm);
    return step.act === "host-reboot" ? step.vms.flatMap((vm) => afterReboot(draft, vm)) : [];
  });
}

function afterCycle(draft: Draft, { name, launcherNow }: PowerVm): string[] {
  const { built } = draft.evidence;
  const { launcher, waiting, ...canonical } = scriptsOf(draft, name);
  const pcpus = launcherNow === undefined ? canonical.pcpus : waiting?.pcpus;
  if (pcpus === undefined || launcher === undefined) return [];
  const unbooted =
    !built.known && built.next !== undefined
      ? [
          `an image is installed that was not there at this boot (${built.why}): reboot first, or ${name} may not start again.`,
        ]
      : [];
  const taken = runningOn(draft, pcpus).filter((other) => other !== name);
  return [
    ...refused(`the script of ${name}`, pcpus, allowedBy(name, draft.evidence, draft.snapshot), [
      `${name} would not start again`,
      SCRIPT,
    ]),
    ...unbooted,
    ...taken.map(
      (other) =>
        `${other} runs on a pCPU of ${name} (${pcpus.join(",")}): ${name} would not start again. Stop ${other} first.`,
    ),
  ];
}

const SCRIPT = "Let an up write its script, or build and install an image that has these pCPUs.";

/**
 * Whatever runs, or an earlier run powered off, we start again; what acrnd has an entry for starts at every boot. The image that the next boot takes
 * is the default, unless another is installed: then that one's record tells (allowedBy).
 */
function afterReboot(draft: Draft, vm: PowerVm): string[] {
  const { name } = vm;
  const scripts = scriptsOf(draft, name);
  const [what, pcpus] = starterOf(vm, scripts);
  if (pcpus === undefined) return [];
  const allowed = allowedBy(name, evidenceAfter(draft), draft.snapshot);
  const end =
    allowed.how === "no-such-vm" && allowed.rdt
      ? "that image has RDT on, and a launch of a VM that it lacks stops the whole machine"
      : `${name} would not come back after the reboot`;
  return refused(what, pcpus, allowed, [end, SCRIPT]);
}

/** What starts it after the reboot, and the pCPUs that this asks for; undefined: nothing does, or it does not say. */
function starterOf(vm: PowerVm, scripts: ScriptsOfVm): [what: string, pcpus: readonly number[] | undefined] {
  const ours = vm.liveness.state === "running" || vm.comesBack === true;
  // what waits or was kept is taken only where that image takes it (plan.ts)
  if (vm.launcherAfter !== undefined && (ours || !scripts.entry)) return ["", undefined];
  if (scripts.launcher !== undefined && (ours || (vm.autostart && !scripts.entry)))
    return [`the script of ${vm.name}`, scripts.pcpus];
  return vm.autostart ? [`${scripts.entry?.path}, which acrnd starts,`, scripts.entry?.pcpus] : ["", undefined];
}

function refused(what: string, pcpus: readonly number[], allowed: Allowed, [end, hint]: [string, string]): string[] {
  if (takes(allowed, pcpus) !== false) return [];
  return [`${what} asks for pCPU ${pcpus.join(",")}, and ${allowed.why}: ${end}. ${hint}`];
}
