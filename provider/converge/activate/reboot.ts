import { setTimeout as sleep } from "node:timers/promises";
import type { PowerVm, Step } from "../../core/acrn/power/steps";
import { AcrnError } from "../../core/errors";
import { PowerSession } from "../../host/power/session";
import { isUnreachable } from "../../host/ssh";
import { alone } from "./alone";
import { asNow, launch, off, willStart } from "./launch";
import type { Held } from "./locked";
import type { Performance } from "./performance";
import { standing } from "./standing";
import { armed, bootedInto, confirmed, notTaken, tried } from "./trial";

/** How often a machine that goes down and comes up again is asked, in milliseconds. */
const PAUSE = 1000;

const UNTOUCHED = "Nothing was interrupted.";
const REBOOTED = "The host was rebooted, and the next run starts what does not run yet.";

/**
 * Every real-time VM off with proof, launches of ours held (below /run, so the boot itself lifts it), then the reboot, which only another boot id
 * over a new connection confirms; then whatever ran before, or was to come back from an earlier run, runs again. The boot ends the lock
 * that `held` has: it is taken anew, and stays for what comes behind the boot.
 */
export async function reboot(step: Reboot, held: Held, work: Performance): Promise<string> {
  const { vms, image } = step;
  const { session } = held;
  await standing("before the reboot", UNTOUCHED, session.ask(["unhold"])); // of a run that died before its reboot: the checks would meet it
  const boot = await bootOf(session);
  for (const vm of vms) if (vm.liveness.state === "running") await willStart(session, vm, work);
  const again = await downAndGo(session, step, work);
  await session.close();
  await tried(image, back(work, boot), work);
  if (again.length > 0 || image)
    await tried(image, standing("after the reboot", REBOOTED, retake(held, again, work)), work);
  const other = image && (await standing("after the reboot", REBOOTED, bootedInto(image, work)));
  const started = startAgain(held.session, other === undefined ? again : again.map(asBefore), work);
  const names = await tried(image, standing("after the reboot", REBOOTED, started), work);
  if (image && other !== undefined) throw notTaken(image, other, names);
  const done = `the host was rebooted${names.length > 0 ? `, and ${names.join(", ")} runs again` : ""}`;
  return image ? `${done}; ${await confirmed(image, work)}` : done;
}

type Reboot = Pick<Extract<Step, { act: "host-reboot" }>, "vms" | "image">;

/** What waited for another image is refused by this one. */
function asBefore({ launcherAfter: _waits, ...vm }: PowerVm): PowerVm {
  return vm;
}

/** Another one is what confirms the reboot, so without it nothing is begun. */
async function bootOf(session: PowerSession): Promise<string> {
  const boot = await standing("before the reboot", UNTOUCHED, session.bootId());
  if (boot !== undefined) return boot;
  throw new AcrnError("power.boot-id", `${session.label} does not tell its boot id: nothing could confirm a reboot`, {
    hint: `${UNTOUCHED} Is /proc/sys/kernel/random/boot_id there?`,
  });
}

/** All off and the machine on its way down, or none: else those that went are started again. Returns those that are to come back. */
async function downAndGo(session: PowerSession, { vms, image }: Reboot, work: Performance): Promise<PowerVm[]> {
  const went: PowerVm[] = [];
  await standing("before the reboot", UNTOUCHED, session.ask(["hold"]));
  try {
    for (const vm of vms) {
      if (vm.liveness.state === "off" || (await off(session, vm, work)) === "was off") continue;
      went.push(vm);
    }
    await nobodyLives(session, vms);
    await armed(image, work, async () => {
      work.progress("rebooting");
      const not = await session.reboot();
      if (not !== undefined) throw notRebooted(not);
    });
    return [...went, ...vms.filter((vm) => vm.comesBack && !went.includes(vm))];
  } catch (error) {
    await session.ask(["unhold"]).catch(() => {});
    throw await undone(session, went, work, error);
  }
}

function notRebooted(why: string): AcrnError {
  return new AcrnError("power.not-rebooted", `the host was not rebooted: ${why}`, {
    hint: "Find out what it is, then run again.",
  });
}

async function undone(
  session: PowerSession,
  went: readonly PowerVm[],
  work: Performance,
  error: unknown,
): Promise<unknown> {
  if (went.length === 0 || !(error instanceof AcrnError)) return error;
  const said: string[] = [];
  for (const vm of went)
    said.push(
      await launch(session, asNow(vm), work).then(
        () => `${vm.name} went off before and was started again`,
        (trouble: unknown) => `${vm.name} went off before and is off (${(trouble as Error).message})`,
      ),
    );
  return error.within(`${said.join("; ")}; the host was not rebooted`);
}

async function nobodyLives(session: PowerSession, vms: readonly PowerVm[]): Promise<void> {
  for (const { name } of vms) {
    const model = await session.deviceModel(name);
    if (model)
      throw new AcrnError("power.alive", `${name} was started by somebody else meanwhile: acrn-dm ${model.pid}`, {
        hint: "A reboot now would take the machine off the net. Nothing was rebooted. Find out what starts it, then run again.",
      });
  }
}

async function back({ target, limits, progress }: Performance, boot: string | undefined): Promise<void> {
  const end = performance.now() + limits.reboot * 1000;
  let why = "";
  while (performance.now() < end) {
    await sleep(PAUSE);
    try {
      const session = await PowerSession.open(target);
      const now = await session.bootId().finally(() => session.close());
      if (now !== undefined && now !== boot) return;
      why = "it answers, and with the same boot id: it has not rebooted";
    } catch (error) {
      why = (error as Error).message;
    }
    progress(`waiting for the host to come back: ${why}`);
  }
  throw new AcrnError("power.dark", `the host did not come back within ${limits.reboot} s: ${why}`, {
    hint: "Every real-time VM had been proved off, and the machine was told to reboot. Look at its console. The next run starts the VMs.",
  });
}

/** Milliseconds: what an image was booted for waits for another run's work, as staging does (image/stage.ts). */
const PATIENCE = 600_000;

/** The machine's lock, in the new boot. */
async function retake(held: Held, again: readonly PowerVm[], work: Performance): Promise<void> {
  held.session = await PowerSession.open(work.target);
  await alone(held.session, { patience: PATIENCE, ...work, stands: rebooted(again) });
  await held.session.doing("starts and confirms what it rebooted for");
}

async function startAgain(session: PowerSession, again: readonly PowerVm[], work: Performance): Promise<string[]> {
  const troubles: string[] = [];
  for (const vm of again)
    await one(session, vm, work).catch((error: unknown) => {
      if (!(error instanceof AcrnError) || isUnreachable(error)) throw error;
      troubles.push(error.message); // the others are started all the same
    });
  if (troubles.length === 0) return again.map(({ name }) => name);
  throw new AcrnError("power.launch", `the host was rebooted. ${troubles.join("\n")}`, {
    hint: `${again.length - troubles.length} of ${again.length} real-time VMs run again.`,
  });
}

/** Another run may have come in between. */
function rebooted(again: readonly PowerVm[]): string {
  if (again.length === 0) return "The host was rebooted, and nothing was promoted: that run does it, or the next one.";
  const names = again.map(({ name }) => name).join(", ");
  return `The host was rebooted, and ${names} noted down to be started: that run does it, or the next one.`;
}

async function one(session: PowerSession, vm: PowerVm, work: Performance): Promise<void> {
  if (await started(session, vm, work)) return session.unmark(vm.name);
  const launcher = vm.launcherAfter ?? vm.launcher;
  await launch(session, launcher === undefined ? { name: vm.name } : { name: vm.name, launcher }, work);
}

/** acrnd may be at it: what it starts is not started twice. */
async function started(session: PowerSession, { name, autostart }: PowerVm, work: Performance): Promise<boolean> {
  const end = performance.now() + (autostart ? work.limits.launch * 1000 : 0);
  for (;;) {
    if (await session.deviceModel(name)) return true;
    if (performance.now() >= end) return false;
    work.progress(`${name}: waiting for acrnd to start it`);
    await sleep(PAUSE);
  }
}
