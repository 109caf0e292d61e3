import type { PowerVm, Step } from "../../core/acrn/power/steps";
import { AcrnError } from "../../core/errors";
import { PowerSession } from "../../host/power/session";
import { launch, off, willStart } from "./launch";
import type { Performance } from "./performance";
import { reboot } from "./reboot";
import { standing } from "./standing";

/** Does the steps in order, each proved before the next; the first that fails ends it, and the error says where everything stands. */
export async function perform(steps: readonly Step[], work: Performance): Promise<string[]> {
  const done: string[] = [];
  try {
    for (const step of steps) done.push(await one(step, work));
  } catch (error) {
    if (error instanceof AcrnError && done.length > 0) throw error.within(`done before: ${done.join("; ")}. Then`);
    throw error;
  }
  return done;
}

function one(step: Step, work: Performance): Promise<string> {
  if (step.act === "update-grub") return updateGrub(work);
  return step.act === "host-reboot" ? reboot(step.vms, work) : cycle(step.vm, work);
}

async function updateGrub({ target, progress }: Performance): Promise<string> {
  progress("update-grub");
  const session = await PowerSession.open(target);
  try {
    const made = standing("update-grub", "GRUB's menu is as it was or made anew.", session.run("update-grub"));
    const { status, said } = await made;
    if (status === 0) return "GRUB's menu was made anew";
    throw new AcrnError("power.update-grub", `update-grub failed with status ${status}: ${said}`, {
      hint: "The menu is as it was. Run it by hand to see more.",
    });
  } finally {
    await session.close();
  }
}

async function cycle(vm: PowerVm, work: Performance): Promise<string> {
  const session = await PowerSession.open(work.target);
  try {
    // a run that died before its reboot left it, and launches of ours would wait for ever
    await standing(`${vm.name}: before its power cycle`, "Nothing was interrupted.", session.ask(["unhold"]));
    await willStart(session, vm, work);
    if (vm.liveness.state !== "off") await off(session, vm, work, { launchDecides: true });
    const started = await launch(session, vm, work);
    return `${vm.name} was ${vm.liveness.state === "off" ? "started" : "power-cycled"}: ${started}`;
  } finally {
    await session.close();
  }
}
