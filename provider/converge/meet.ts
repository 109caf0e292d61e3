import { AcrnError } from "../core/errors";
import { machineKey, type Snapshot } from "../core/snapshot";

/** One way to a machine: an address, and the read that it keeps. */
export interface Way {
  readonly address: string;
  /** The next read asks the machine again: somebody else of this process has written to it. */
  forget(): void;
}

interface Met {
  bootId: string | undefined;
  ways: Set<Way>;
}

const machines = new Map<string, Met>();

/**
 * Two aliases of one machine must meet, and two machines with one identity must not be taken for one: a cloned disk
 * would otherwise be written with the other's plan.
 */
export function meet(way: Way, snapshot: Snapshot): void {
  const key = machineKey(snapshot.identity);
  if (!key) throw nameless(way);
  const met = machines.get(key) ?? { bootId: snapshot.identity.bootId, ways: new Set() };
  machines.set(key, met);
  const others = [...met.ways].filter((w) => w !== way);
  const [other] = others;
  if (
    other &&
    met.bootId !== undefined &&
    snapshot.identity.bootId !== undefined &&
    met.bootId !== snapshot.identity.bootId
  )
    throw cloned(way, other, key);
  met.bootId = snapshot.identity.bootId;
  met.ways.add(way);
}

/** Every other way to the machine reads anew after a write through this one. */
export function forgetOthers(way: Way, key: string): void {
  for (const other of machines.get(key)?.ways ?? []) if (other !== way) other.forget();
}

/** We have rebooted it: another boot id is no sign of a cloned disk, and what was read before is old. */
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
