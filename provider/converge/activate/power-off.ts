import { AcrnError } from "../../core/errors";
import type { DeviceModel, PowerSession } from "../../host/power/session";
import { isUnreachable } from "../../host/ssh";
import type { Shutdown } from "../../resources/activation";
import type { Connection } from "../../resources/host-settings";
import { type Asked, askGuest } from "./shutdown";

export interface PowerOffOptions {
  host: Connection;
  shutdown: Shutdown | undefined;
  /** Seconds. */
  limit: number;
  /** No more than a launch depends on it, which ACRN refuses to a VM that still lives; else only a proof counts. */
  launchDecides?: boolean;
  /** An earlier run asked its guest before it was cut off. */
  askedBefore?: boolean;
  progress(what: string): void;
}

/**
 * Off, with proof; anything else throws and says where everything stands. The proof: a clean end in the record of the launch, or the end of the
 * very acrn-dm that was seen alive, after the guest itself agreed (reference 7b).
 */
export async function powerOff(
  session: PowerSession,
  vm: string,
  options: PowerOffOptions,
): Promise<"was off" | "off"> {
  const model = await session.deviceModel(vm);
  const boot = await session.bootId();
  if (!model) return withoutModel(session, vm, boot, options);
  const { acknowledged, said } = await ask(session, vm, { model, boot, options });
  const beat = (seconds: number) => options.progress(`${vm}: powering off, ${seconds} s`);
  const proves = acknowledged ? vm : undefined;
  const end = await session.waitGone(model, options.limit, { proves, beat });
  if (end === "late") throw late(vm, model, options.limit);
  if ((acknowledged && end === "gone") || (await session.endedClean(vm, boot))) return "off";
  // without the guest's own word that is no proof, and a launch decides
  if (end === "gone" && options.launchDecides && !(await session.leftSocket(vm))) return "off";
  throw new AcrnError(
    "power.unproved",
    `the acrn-dm of ${vm} is gone, and nothing proves that the guest is off: ${end === "killed" ? "it did not end by itself" : said}`,
    {
      hint: "It was killed, or it ended in a way that nobody recorded; the guest may run on without device model. Look at it on the spot. Nothing else was done.",
    },
  );
}

/** What it agreed to before, asked by a run that did not come to see it go, it is not asked again: on its way down it would say no. */
async function ask(
  session: PowerSession,
  vm: string,
  { model, boot, options }: { model: DeviceModel; boot: string | undefined; options: PowerOffOptions },
): Promise<Asked> {
  const { host, limit, shutdown, progress } = options;
  if (await session.agreed(vm, model)) {
    progress(`${vm}: its guest agreed before, and is awaited`);
    await session.agrees(vm, model, limit);
    return { acknowledged: true, said: "" };
  }
  if (!shutdown) throw noWay(vm);
  progress(`${vm}: asking the guest to power off`);
  return askGuest(vm, shutdown, { host, boot, session, model, limit });
}

async function withoutModel(
  session: PowerSession,
  vm: string,
  boot: string | undefined,
  options: PowerOffOptions,
): Promise<"was off" | "off"> {
  if (await session.endedClean(vm, boot)) return "was off";
  if (!options.launchDecides) throw orphan(vm);
  const { host, shutdown, limit } = options;
  if (!shutdown) throw noWay(vm);
  // no acrn-dm to see end: only the guest's word that it goes; ACRN refuses a second instance if it is still there
  options.progress(`${vm}: no acrn-dm and no record of an end; asking the guest all the same`);
  const asked = await askGuest(vm, shutdown, { host, boot, session, limit }).catch((error: unknown) => {
    if (options.askedBefore && silent(error, shutdown)) return undefined;
    throw error;
  });
  if (!asked || (options.askedBefore && !asked.acknowledged)) return "was off";
  if (asked.acknowledged) return "off";
  throw new AcrnError(
    "power.unknown",
    `whether ${vm} runs cannot be told: it has no acrn-dm, and its guest does not answer`,
    {
      hint: "It is off, or an orphan whose acrn-dm was killed. Look at it on the spot. Nothing was done.",
    },
  );
}

/** Nobody is there who says no: what asks in the guest's place fails when the guest is gone. */
function silent(error: unknown, shutdown: Shutdown): boolean {
  return isUnreachable(error) || (!("ssh" in shutdown) && error instanceof AcrnError && error.code === "power.refused");
}

/** Its guest's word would prove nothing: without acrn-dm nobody hears the power-off of an orphan. */
function orphan(vm: string): AcrnError {
  return new AcrnError(
    "power.orphan",
    `${vm} has no acrn-dm any more, and no record of a clean end: it is off, or an orphan`,
    {
      hint: "A reboot with a live real-time VM takes the machine off the net for good. Look at it on the spot. Nothing was done with it.",
    },
  );
}

function noWay(vm: string): AcrnError {
  return new AcrnError("power.no-way", `nobody said how ${vm} is shut down`, {
    property: "guests",
    hint: `Say it: \`guests: { ${vm}: { ssh: { host: "<address>" } } }\`. Nothing was done.`,
  });
}

function late(vm: string, { pid }: DeviceModel, limit: number): AcrnError {
  return new AcrnError("power.late", `${vm} did not power off within ${limit} s: acrn-dm ${pid} is still alive`, {
    hint: `If it goes down within ${limit} s more, the next run starts it. Nothing else was done. Raise \`limits.powerOff\` if it is only slow.`,
  });
}
