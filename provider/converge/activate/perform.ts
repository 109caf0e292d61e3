import type { PowerVm, Step } from "../../core/acrn/power/steps";
import { AcrnError } from "../../core/errors";
import type { PowerSession } from "../../host/power/session";
import { asNow, launch, off, willStart } from "./launch";
import type { Held } from "./locked";
import type { Performance } from "./performance";
import { reboot } from "./reboot";
import { standing } from "./standing";
import { installStep } from "./trial";

/**
 * Does the steps in order, each proved before the next; the first that fails ends it, and the error says where everything stands.
 * @param held has the machine's lock, so that nobody else is at it; behind a reboot it is another session that has it
 */
export async function perform(steps: readonly Step[], held: Held, work: Performance): Promise<string[]> {
  const done: string[] = [];
  if (steps.length === 0) return done;
  // an earlier run may have powered off what runs again, or what never went
  await standing("before anything is done", "Nothing was interrupted.", held.session.back());
  try {
    for (const step of steps) done.push(await one(step, held, work));
  } catch (error) {
    if (error instanceof AcrnError && done.length > 0) throw error.within(`done before: ${done.join("; ")}. Then`);
    throw error;
  }
  return done;
}

async function one(step: Step, held: Held, work: Performance): Promise<string> {
  const { session } = held;
  await session.doing(wordsOf(step));
  switch (step.act) {
    case "update-grub":
      return updateGrub(session, work);
    case "rtvm-power-cycle":
      return cycle(step.vm, session, work);
    case "hypervisor-install":
      return installStep(step.image, work);
    case "host-reboot":
      return reboot(step, held, work);
  }
}

/** What others are told who meet the lock. */
function wordsOf(step: Step): string {
  if (step.act === "host-reboot") return "reboots the host";
  if (step.act === "hypervisor-install") return `installs image ${step.image.id}`;
  return step.act === "rtvm-power-cycle" ? `power-cycles ${step.vm.name}` : step.act;
}

async function updateGrub(session: PowerSession, { progress }: Performance): Promise<string> {
  progress("update-grub");
  const made = standing("update-grub", "GRUB's menu is as it was or made anew.", session.run("update-grub"));
  const { status, said } = await made;
  if (status === 0) return "GRUB's menu was made anew";
  throw new AcrnError("power.update-grub", `update-grub failed with status ${status}: ${said}`, {
    hint: "The menu is as it was. Nothing was interrupted. Run it by hand to see more.",
  });
}

/** Off from inside, with proof, and launched again. */
export async function cycle(given: PowerVm, session: PowerSession, work: Performance): Promise<string> {
  const vm = asNow(given);
  // a run that died before its reboot left it, and launches of ours would wait for ever
  await standing(`${vm.name}: before its power cycle`, "Nothing was interrupted.", session.ask(["unhold"]));
  await willStart(session, vm, work);
  if (vm.liveness.state !== "off") await off(session, vm, work, { launchDecides: true });
  const started = await launch(session, vm, work);
  return `${vm.name} was ${vm.liveness.state === "off" ? "started" : "power-cycled"}: ${started}`;
}
