import { setTimeout as sleep } from "node:timers/promises";
import { AcrnError } from "../../core/errors";
import { getParam } from "../../core/kernel/cmdline";
import { TRIAL_MARKER, type TrialMachine, trialId } from "../../core/kernel/trial";
import { GuestTrial, type TrialState } from "../../host/guest/trial-session";
import type { Limits } from "../activate/performance";
import type { Machine } from "../machine";
import type { GuestHost } from "./around";
import type { WaitingTrial } from "./plan";
import { newBoot } from "./wait";

export interface Booting {
  machine: Machine;
  /** Undefined: it is reached without one, or it starts itself. */
  host: GuestHost | undefined;
  trial: WaitingTrial | undefined;
  kind: TrialMachine["kind"];
  limits: Limits;
  progress(what: string): void;
}

/** Seconds that a guest that goes back is given beyond the limit: its unit tries several ways (core/kernel/trial/watch.ts). */
const SLACK = 180;

const AGAIN = "it had powered itself off, and was launched again";

/** Another boot of the guest, over a new connection; of a trial its own, else the error says where everything stands. */
export async function boot(booting: Booting): Promise<TrialState> {
  const { machine, host, trial, limits, progress } = booting;
  const before = await arm(booting);
  await go(booting, before);
  const ended = async () => {
    if (await host?.again()) progress(AGAIN);
    return false;
  };
  const seconds = trial ? 2 * limits.reboot + SLACK : limits.reboot;
  const target = machine.target();
  const state = await newBoot({ target, not: before.bootId, seconds, ended, progress });
  if ("why" in state) throw dark(booting, seconds, state.why);
  if (trial && getParam(state.cmdline, TRIAL_MARKER) !== trial.note.id) {
    await disarmed(booting, state.bootId); // a boot that died early has left what armed it
    throw wentBack(trial);
  }
  return state;
}

/** The last thing before it goes down: until then a power cut boots what boots today. */
async function arm({ machine, trial, kind, limits }: Booting): Promise<TrialState> {
  const session = await GuestTrial.open(machine.target());
  try {
    const state = await session.state();
    if (!trial) return state;
    const { commands } = (await machine.read()) ?? { commands: new Set<string>() };
    const { id } = trial.note;
    const not = await session.arm({
      id,
      entry: trialId(id),
      seconds: limits.reboot,
      kind,
      grubenv: grubenvOf(trial),
      command:
        trial.customCfg.startsWith("/boot/grub2/") && commands.has("grub2-reboot") ? "grub2-reboot" : "grub-reboot",
    });
    if (not === undefined) return state;
    throw new AcrnError("trial.not-armed", `${session.label}: the entry cannot be booted once: ${not}`, {
      hint: "Nothing was interrupted, and what boots next is as before.",
    });
  } finally {
    await session.close();
  }
}

function grubenvOf({ customCfg }: WaitingTrial): string {
  return `${customCfg.slice(0, customCfg.lastIndexOf("/"))}/grubenv`;
}

async function go(booting: Booting, { bootId }: TrialState): Promise<void> {
  const { host, trial, kind, progress } = booting;
  try {
    if (host) await host.cycle();
    else await leave(booting, bootId);
  } catch (error) {
    // a trial may end before its launch was proved
    if (trial && host && neverCameUp(error) && (await launchedAgain(host))) return progress(AGAIN);
    await disarmed(booting, bootId);
    throw error;
  }
  progress(kind === "rtvm" ? "it was power-cycled" : "it goes down");
}

function neverCameUp(error: unknown): boolean {
  return error instanceof AcrnError && error.code === "power.launch";
}

/** Seconds until the record of an acrn-dm that ended is there: the launcher writes it behind it. */
const RECORD = 20;

async function launchedAgain(host: GuestHost): Promise<boolean> {
  for (let left = RECORD; left > 0; left--) {
    if (await host.again().catch(() => false)) return true;
    await sleep(1000);
  }
  return false;
}

async function leave({ machine, kind }: Booting, boot: string): Promise<void> {
  const session = await GuestTrial.open(machine.target());
  try {
    const not = await (kind === "rtvm" ? session.powerOff({ kind, boot }) : session.reboot({ kind, boot }));
    if (not === undefined) return;
    throw new AcrnError("trial.stays", `${session.label}: it does not go down: ${not}`, {
      hint: "Nothing was interrupted.",
    });
  } finally {
    await session.close();
  }
}

/** It runs on in the boot that it is in: then no later boot, with nobody there to confirm it, may be the trial. */
async function disarmed({ machine, trial }: Booting, boot: string): Promise<void> {
  if (!trial) return;
  try {
    const session = await GuestTrial.open(machine.target());
    try {
      if ((await session.state()).bootId === boot) await session.disarm({ grubenv: grubenvOf(trial) });
    } finally {
      await session.close();
    }
  } catch {
    // it cannot be asked: GRUB forgets the entry with the next boot, and the unit ends that
  }
}

function wentBack({ note }: WaitingTrial): AcrnError {
  return new AcrnError(
    "trial.went-back",
    `the new kernel line (${trialId(note.id)}) was tried and did not come up: the guest is back on its old line by itself`,
    {
      hint: "Nothing was promoted: the default is as before, and the entry waits for another try. Its console tells what happened; change the arguments, or take the one that breaks it out.",
    },
  );
}

function dark({ trial, kind }: Booting, seconds: number, why: string): AcrnError {
  const what = trial ? `the new kernel line (${trialId(trial.note.id)}) was tried, and ` : "";
  const stuck =
    kind === "rtvm"
      ? "A real-time VM that neither answers nor powers off cannot be stopped from the Service VM: look at it on its console. Once it is off, its launch script boots the old line."
      : "The next reset boots the old line: GRUB has forgotten the entry.";
  return new AcrnError("trial.dark", `${what}the guest did not come back within ${seconds} s: ${why}`, {
    hint: `Nothing was promoted. ${stuck}`,
  });
}
