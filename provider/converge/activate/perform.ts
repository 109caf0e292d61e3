import { setTimeout as sleep } from "node:timers/promises";
import type { PowerVm, Step } from "../../core/acrn/power/steps";
import { AcrnError } from "../../core/errors";
import { PowerSession } from "../../host/power/session";
import type { Target } from "../../host/types";
import type { Shutdown } from "../../resources/activation";
import type { Connection } from "../../resources/host-settings";
import { powerOff } from "./power-off";

export interface Limits {
  /** Seconds until a guest that agreed must be off. @default 120 */
  powerOff: number;
  /** Seconds until a launch must have an acrn-dm that stays. @default 60 */
  launch: number;
  /** Seconds until the machine must be back. @default 600 */
  reboot: number;
}

export interface Performance {
  target: Target;
  connection: Connection;
  guests: Readonly<Record<string, Shutdown>>;
  limits: Limits;
  progress(what: string): void;
}

/** Does the steps in order, each proved before the next; the first that fails ends it, and the error says where everything stands. */
export async function perform(steps: readonly Step[], work: Performance): Promise<string[]> {
  const done: string[] = [];
  try {
    for (const step of steps)
      done.push(step.act === "host-reboot" ? await reboot(step.vms, work) : await cycle(step.vm, work));
  } catch (error) {
    if (error instanceof AcrnError && done.length > 0) throw error.within(`done before: ${done.join("; ")}. Then`);
    throw error;
  }
  return done;
}

async function cycle(vm: PowerVm, work: Performance): Promise<string> {
  const session = await PowerSession.open(work.target);
  try {
    await willStart(session, vm, work);
    if (vm.liveness.state !== "off") await off(session, vm, work);
    const started = await launch(session, vm, work);
    return `${vm.name} was ${vm.liveness.state === "off" ? "started" : "power-cycled"}: ${started}`;
  } finally {
    await session.close();
  }
}

/** The launcher's own checks, before anything goes off: a missing disk or iasl is no reason for a machine to stand still. */
async function willStart(session: PowerSession, { name, launcher }: PowerVm, { progress }: Performance): Promise<void> {
  if (launcher === undefined) return;
  progress(`${name}: checking that ${launcher} will start it`);
  const trouble = await session.check(launcher);
  if (trouble === undefined) return;
  throw new AcrnError("power.will-not-start", `${name} would not start again: ${trouble}`, {
    hint: "Nothing was interrupted: it runs on as it is.",
  });
}

function off(
  session: PowerSession,
  { name }: PowerVm,
  { connection, guests, limits, progress }: Performance,
): Promise<string> {
  return powerOff(session, name, { host: connection, shutdown: guests[name], limit: limits.powerOff, progress });
}

async function launch(
  session: PowerSession,
  { name, launcher }: PowerVm,
  { limits, progress }: Performance,
): Promise<string> {
  if (launcher === undefined)
    throw new AcrnError("power.no-script", `no launch script of ${name} is known`, {
      hint: "It is off. Start it by hand, and declare an RtVm for it.",
    });
  progress(`${name}: starting ${launcher}`);
  const up = await session.launch(name, launcher, limits.launch, (s) => progress(`${name}: starting, ${s} s`));
  if (typeof up !== "string") return `acrn-dm ${up.pid}`;
  throw new AcrnError("power.launch", `${name} is off and did not start: ${launcher} has no acrn-dm that stays`, {
    hint: `It said: ${up || "nothing"}. Start it by hand to see more.`,
  });
}

/**
 * Every real-time VM off with proof, launches of ours held (below /run, so the boot itself lifts it), then the reboot, which only another boot id
 * over a new connection confirms; then whatever ran before runs again.
 */
async function reboot(vms: readonly PowerVm[], work: Performance): Promise<string> {
  const { target, progress } = work;
  const session = await PowerSession.open(target);
  const ran: PowerVm[] = [];
  let boot: string | undefined;
  try {
    for (const vm of vms) if (vm.liveness.state === "running") await willStart(session, vm, work);
    await session.ask(["hold"]);
    try {
      for (const vm of vms) if (vm.liveness.state !== "off" && (await off(session, vm, work)) === "off") ran.push(vm);
      await nobodyLives(session, vms);
    } catch (error) {
      await session.ask(["unhold"]).catch(() => {});
      throw ran.length > 0 && error instanceof AcrnError
        ? error.within(`${ran.map(({ name }) => name).join(", ")} went off before, and the host was not rebooted`)
        : error;
    }
    boot = await session.bootId();
    progress("rebooting");
    await session.ask(["reboot"]).catch(() => []); // the link goes with the machine
  } finally {
    await session.close();
  }
  await back(work, boot);
  const names = await startAgain(ran, work);
  return `the host was rebooted${names.length > 0 ? `, and ${names.join(", ")} runs again` : ""}`;
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
    await sleep(1000);
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
    hint: "Every real-time VM had been proved off, and the machine was told to reboot. Look at its console.",
  });
}

async function startAgain(ran: readonly PowerVm[], work: Performance): Promise<string[]> {
  if (ran.length === 0) return [];
  const session = await PowerSession.open(work.target);
  try {
    const names: string[] = [];
    for (const vm of ran) {
      if (!(await started(session, vm, work))) await launch(session, vm, work);
      names.push(vm.name);
    }
    return names;
  } finally {
    await session.close();
  }
}

/** acrnd may be at it: what it starts is not started twice. */
async function started(
  session: PowerSession,
  { name, autostart }: PowerVm,
  { limits, progress }: Performance,
): Promise<boolean> {
  const end = performance.now() + (autostart ? limits.launch * 1000 : 0);
  for (;;) {
    if (await session.deviceModel(name)) return true;
    if (performance.now() >= end) return false;
    progress(`${name}: waiting for acrnd to start it`);
    await sleep(1000);
  }
}
