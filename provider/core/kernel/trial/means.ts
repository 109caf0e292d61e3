import type { FieldValue } from "../../claims/types";
import { setParam } from "../cmdline";

/** A machine as a trial sees it. */
export interface TrialMachine {
  /** `rtvm`: a reset in it is a cold reset of the whole machine, so nothing in it may reset (reference 7b). */
  kind: "rtvm" | "other";
  /** Who made the initrd. */
  initrd: "initramfs-tools" | "dracut" | "unknown";
  /** A hardware watchdog that systemd feeds (`RuntimeWatchdogSec`); it counts outside of an RTVM alone. */
  watchdog: boolean;
  /** Somebody has seen, on this very hardware, that `reboot=t` in a real-time VM ends in a power-off and in no reset. */
  tripleFault?: boolean;
}

/** What a trial's line has besides what is tried, and what that is good for. */
export interface TrialMeans {
  /** For the trial alone: the confirmed line has them as declared. `null` takes one out. */
  params: Readonly<Record<string, FieldValue>>;
  /** How the machine comes back with the old line, each a sentence. */
  catches: readonly string[];
  /** What nobody comes back from by himself. */
  misses: readonly string[];
}

/** Long enough to read a panic on a console. */
export const PANIC_SECONDS = 15;

const UNCONFIRMED = "it comes up and is not confirmed within the limit, for example without its network";

/** By which means a machine comes back from a line that does not work, and from which it does not. */
export function trialMeans(machine: TrialMachine): TrialMeans {
  return machine.kind === "rtvm" ? inRtvm(machine) : elsewhere(machine);
}

/**
 * `reboot=t` makes a reset a triple fault, which acrn-dm takes for a power-off; `panic=` would reset after a panic, so it is there only with the program's word that this is a power-off here (initramfs-tools reads it too). The host launches the VM again, and GRUB has
 * forgotten the trial. dracut powers off with `rd.emergency=poweroff` where `rd.shell=0` is said too [dracut.cmdline(7)].
 */
function inRtvm({ initrd, tripleFault = false }: TrialMachine): TrialMeans {
  const dracut = initrd === "dracut";
  const byPanic = tripleFault && initrd === "initramfs-tools";
  return {
    params: {
      reboot: "t",
      panic: tripleFault ? `${PANIC_SECONDS}` : null,
      ...(dracut ? { "rd.shell": "0", "rd.emergency": "poweroff" } : {}),
    },
    catches: [
      `${UNCONFIRMED}: it powers itself off, and the host launches it with the old line`,
      `something in it resets: \`reboot=t\` makes that a power-off (${tripleFault ? "as the program says" : "never tried on ACRN hardware"}), and the host launches it with the old line`,
      ...(tripleFault ? [`the kernel panics: after ${PANIC_SECONDS} s the same`] : []),
      ...(dracut
        ? ["the initrd does not find root: dracut powers off, and the host launches it with the old line"]
        : []),
      ...(byPanic ? ["the initrd does not find root: after the same time the same"] : []),
    ],
    misses: [
      `a kernel that ${tripleFault ? "" : "panics or "}hangs: a real-time VM that neither answers nor powers off cannot be stopped from the Service VM`,
      ...(dracut || byPanic
        ? []
        : ["an initrd that does not find root: it waits in a shell, and nothing in a real-time VM may reset it"]),
    ],
  };
}

/** `panic=` resets after a panic; initramfs-tools reads it as "reboot instead of a shell" [initramfs-tools(7)]. */
function elsewhere({ initrd, watchdog }: TrialMachine): TrialMeans {
  const dracut = initrd === "dracut";
  const known = initrd !== "unknown";
  return {
    params: { panic: `${PANIC_SECONDS}`, ...(dracut ? { "rd.shell": "0", "rd.emergency": "reboot" } : {}) },
    catches: [
      `${UNCONFIRMED}: it reboots with the old line`,
      `the kernel panics: it resets after ${PANIC_SECONDS} s`,
      ...(known ? ["the initrd does not find root: it reboots"] : []),
      ...(watchdog ? ["the kernel hangs: the watchdog resets it"] : []),
    ],
    misses: [
      ...(known ? [] : ["an initrd that does not find root: what it does then is not known"]),
      ...(watchdog
        ? ["a kernel that hangs before the watchdog is fed"]
        : ["a kernel that hangs: there is no watchdog, so somebody has to reset the machine"]),
    ],
  };
}

/** The line of a trial: the one that shall become the default, with what brings the machine back. */
export function trialLine(line: string, { params }: Pick<TrialMeans, "params">): string {
  return Object.entries(params).reduce((sofar, [name, value]) => setParam(sofar, name, value), line);
}
