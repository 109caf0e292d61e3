import type { PowerVm } from "../../core/acrn/power/steps";
import { AcrnError } from "../../core/errors";
import type { PowerSession } from "../../host/power/session";
import { isUnreachable } from "../../host/ssh";
import type { Performance } from "./performance";
import { powerOff } from "./power-off";
import { standing } from "./standing";

/** As it is started without a reboot: on the image that runs. */
export function asNow(vm: PowerVm): PowerVm {
  return vm.launcherNow === undefined ? vm : { ...vm, launcher: vm.launcherNow };
}

/**
 * The launcher's own checks, before anything goes off: a missing disk or iasl is no reason for a machine to stand still. On an image that is on trial, those of
 * what starts it there too: a reboot may not come about.
 */
export async function willStart(session: PowerSession, vm: PowerVm, { progress }: Performance): Promise<void> {
  const { name } = vm;
  for (const launcher of new Set([vm.launcher, asNow(vm).launcher])) {
    if (launcher === undefined) continue;
    progress(`${name}: checking that ${launcher} will start it`);
    const check = session.check(launcher);
    const trouble = await standing(`${name}: checking its script`, "Nothing was interrupted.", check);
    if (trouble === undefined) continue;
    throw new AcrnError("power.will-not-start", `${name} would not start again: ${trouble}`, {
      hint: "Nothing was interrupted: it runs on as it is.",
    });
  }
}

/**
 * Off with proof, noted on the machine as one that is to come back: a client that dies, or a cut link, leaves a VM that the next run starts.
 * Where the guest said no, it runs on and nothing is noted.
 */
export async function off(
  session: PowerSession,
  { name, comesBack }: PowerVm,
  work: Performance,
  how: { launchDecides?: boolean } = {},
): Promise<"was off" | "off"> {
  const { connection, guests, limits, progress } = work;
  const options = { host: connection, shutdown: guests[name], limit: limits.powerOff, progress };
  await standing(`${name}: before it goes off`, "Nothing was interrupted.", session.mark(name));
  try {
    const askedBefore = comesBack === true && how.launchDecides === true;
    const { launchDecides = false } = how;
    const asked = powerOff(session, name, { ...options, launchDecides, askedBefore });
    const went = await standing(`${name}: powering it off`, GOING, asked);
    // somebody else had it off before us, and we start it no more
    if (went === "was off" && !launchDecides && !comesBack) await session.unmark(name).catch(() => {});
    return went;
  } catch (error) {
    const runs = async () => (await session.deviceModel(name)) !== undefined;
    if (comesBack ? saidNo(error) && (await runs().catch(() => false)) : neverAsked(error))
      await session.unmark(name).catch(() => {});
    throw error;
  }
}

const GOING = "Its guest may have been asked: it runs on, or it goes off and the next run starts it.";

function neverAsked(error: unknown): boolean {
  return isUnreachable(error) || saidNo(error) || (error instanceof AcrnError && error.code === "power.orphan");
}

/** It was not told to go, and answers: one that an earlier run asked and that does not answer may be on its way. */
function saidNo(error: unknown): boolean {
  return error instanceof AcrnError && ["power.refused", "power.no-way", "power.note"].includes(error.code);
}

/** Started by its launcher, with an acrn-dm that stays; then nothing of it is left to come back. */
export async function launch(
  session: PowerSession,
  { name, launcher }: Pick<PowerVm, "name" | "launcher">,
  { limits, progress }: Performance,
): Promise<string> {
  if (launcher === undefined)
    throw new AcrnError("power.no-script", `no launch script of ${name} is known`, {
      hint: "It is off. Start it by hand, and declare an RtVm for it.",
    });
  progress(`${name}: starting ${launcher}`);
  const starting = session.launch(name, launcher, limits.launch, (s) => progress(`${name}: starting, ${s} s`));
  const up = await standing(`${name}: starting it`, STARTING, starting);
  if (typeof up === "string") {
    await session.mark(name).catch(() => {}); // a launcher that came as far as acrn-dm took it for back
    throw new AcrnError("power.launch", `${name} is off and did not start: ${launcher} has no acrn-dm that stays`, {
      hint: `It said: ${up || "nothing"}. Start it by hand to see more; the next run tries again.`,
    });
  }
  await standing(`${name}: after it was started`, `It runs (acrn-dm ${up.pid}).`, session.unmark(name));
  return `acrn-dm ${up.pid}`;
}

const STARTING = "It is off, or it has been started: the next run starts it if it does not run.";
