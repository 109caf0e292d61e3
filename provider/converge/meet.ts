import { AcrnError } from "../core/errors";
import { machineKey, type Snapshot } from "../core/snapshot";

/** One way to a machine: an address, and the read that it keeps. */
export interface Way {
  readonly address: string;
  /** The next read asks the machine again: somebody else of this process has written to it. */
  forget(): void;
  /** The boot id that the machine has at this moment. */
  boot(): Promise<string | undefined>;
}

interface Met {
  bootId: string | undefined;
  ways: Set<Way>;
}

const machines = new Map<string, Met>();

/**
 * Two aliases of one machine must meet, and two machines with one identity must not be taken for one: a cloned disk
 * would otherwise be written with the other's plan. False: the machine was started anew since this was read.
 */
export async function meet(way: Way, snapshot: Snapshot): Promise<boolean> {
  const { identity } = snapshot;
  const key = machineKey(identity);
  if (!key) throw nameless(way);
  const met = machines.get(key) ?? { bootId: undefined, ways: new Set() };
  machines.set(key, met);
  let { bootId } = identity;
  if (met.bootId !== undefined && bootId !== undefined && met.bootId !== bootId) {
    const others = [...met.ways].filter((other) => other !== way);
    bootId = await bootNow(way, others, bootId, key);
    for (const other of others) other.forget();
  }
  met.bootId = bootId;
  met.ways.add(way);
  return bootId === identity.bootId;
}

/**
 * Another boot id than before is a cloned disk, or one machine that was started anew meanwhile (a power cut; somebody else's reboot): only
 * two that are asked at the same time tell. One that does not answer is asked when it next does.
 */
async function bootNow(way: Way, others: readonly Way[], seen: string, key: string): Promise<string> {
  for (const other of others) {
    const theirs = await other.boot().catch(() => undefined);
    if (theirs === undefined) continue;
    const ours = theirs === seen ? seen : await way.boot();
    if (ours === theirs) return ours;
    throw cloned(way, other, key);
  }
  return seen;
}

/** Every other way to the machine reads anew after a write through this one. */
export function forgetOthers(way: Way, key: string): void {
  for (const other of machines.get(key)?.ways ?? []) if (other !== way) other.forget();
}

/** It may have been started anew, by us: another boot id is no sign of a cloned disk, and what was read before is old. */
export function rebooted(key: string): void {
  const met = machines.get(key);
  if (!met) return;
  met.bootId = undefined;
  for (const way of met.ways) way.forget();
}

function nameless(way: Way): AcrnError {
  return new AcrnError("machine.identity", `${way.address} has no machine-id to be known by`, {
    hint: "Make one on the machine with `systemd-machine-id-setup`. Without it a changed address could not be told from another machine.",
  });
}

function cloned(a: Way, b: Way, key: string): AcrnError {
  return new AcrnError(
    "machine.cloned",
    `${a.address} and ${b.address} are two machines with one machine-id (${key})`,
    {
      hint:
        "One disk was cloned from the other. On the clone: `rm /etc/machine-id /var/lib/dbus/machine-id; " +
        "systemd-machine-id-setup`, then reboot it, and run again.",
    },
  );
}

/** One writer at a time and machine in this process; the lock on the machine then never meets ourselves. */
class Mutex {
  #tail: Promise<unknown> = Promise.resolve();
  run<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(work);
    this.#tail = turn.catch(() => {});
    return turn;
  }
}

const mutexes = new Map<string, Mutex>();

export function mutexOf(key: string): Mutex {
  const mutex = mutexes.get(key) ?? new Mutex();
  mutexes.set(key, mutex);
  return mutex;
}
