import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Children, HOST_MARK } from "../children";
import type { Carrier } from "./guest/carrier";
import type { GuestSystem } from "./guest/parts";
import type { GuestFront, LabGuestSpec } from "./types";

const CMDLINE = "BOOT_IMAGE=/boot/vmlinuz-rt root=/dev/vda2 ro quiet";

/** The operating systems inside the VMs of a host; they answer while their VM runs. */
export class Guests {
  private readonly up = new Set<string>();
  /** One thing after the other with each of them. */
  private readonly work = new Map<string, Promise<void>>();

  constructor(
    readonly specs: Readonly<Record<string, LabGuestSpec>>,
    readonly fronts: ReadonlyMap<string, GuestFront>,
    private readonly children: Children,
    /** What the system of a VM runs on. */
    carrier: (vm: string) => Carrier,
  ) {
    for (const [vm, { os }] of fronts) if (os) os.carrier = carrier(vm);
  }

  /** The system of a guest that has one which boots. */
  osOf(vm: string): GuestSystem | undefined {
    return this.fronts.get(vm)?.os;
  }

  /** All of them, whether they run now or not. */
  list(): { vm: string; address: string; front: GuestFront }[] {
    return [...this.fronts].map(([vm, front]) => ({ vm, address: this.specs[vm]?.address ?? "", front }));
  }

  /** A launch: a kernel starts, with what its loader gives it. */
  start(vm: string, bootArgs: string | undefined): Promise<void> {
    return this.queue(vm, async (front) => {
      if (this.up.has(vm) || this.children.ended) return;
      if (!front.os) layDown(front, this.specs[vm] as LabGuestSpec, bootArgs);
      else if (!boots(front.os, bootArgs)) return;
      await front.up();
      this.up.add(vm);
      front.os?.start();
    });
  }

  /** @param power with the VM's power: what its firmware kept in memory is gone; else it is a reset */
  stop(vm: string, power = true): Promise<void> {
    return this.queue(vm, async (front) => {
      this.up.delete(vm);
      front.os?.stopped(power);
      await front.down();
      await this.children.endMarked(`${HOST_MARK}=${front.name}`);
    });
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.fronts.keys()].map((vm) => this.stop(vm)));
  }

  private queue(vm: string, work: (front: GuestFront) => Promise<void>): Promise<void> {
    const front = this.fronts.get(vm);
    if (!front) return Promise.resolve();
    const next = (this.work.get(vm) ?? Promise.resolve()).then(() => work(front));
    this.work.set(vm, next);
    return next;
  }

  /** The loopback port behind an address; "none": that guest does not answer now. Undefined: the address is no guest's. */
  route(address: string, port: number): number | "none" | undefined {
    const found = Object.entries(this.specs).filter(([, spec]) => spec.address === address);
    if (found.length === 0) return undefined;
    const alive = found.find(([vm]) => this.up.has(vm));
    return alive && port === 22 ? (this.fronts.get(alive[0])?.port ?? "none") : "none";
  }
}

/** @returns whether somebody can reach it */
function boots(os: GuestSystem, bootArgs: string | undefined): boolean {
  const { carrier, spec } = os;
  const fate = os.load(bootArgs);
  if (fate.kind === "up") {
    os.boot();
    carrier.log(fate.reachable ? `${spec.name} boots` : `${spec.name} boots without a network`);
    if (!fate.reachable) os.start();
    return fate.reachable;
  }
  if (fate.kind === "hang") carrier.log(`${spec.name} hangs in boot: ${fate.why}`);
  else {
    carrier.log(`${spec.name} panics: ${fate.why}`);
    os.later(fate.afterMs, () => carrier.goDown(fate.kind === "off" ? "off" : "reset"));
  }
  return false;
}

function layDown({ dir, name }: GuestFront, spec: LabGuestSpec, bootArgs: string | undefined): void {
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  };
  const machineId = createHash("sha256").update(`lab guest ${name}`).digest("hex").slice(0, 32);
  const first = { "/etc/machine-id": `${machineId}\n`, ...spec.files };
  for (const [path, text] of Object.entries(first)) if (!existsSync(join(dir, path))) put(path, text);
  const own = existsSync(join(dir, "boot/cmdline"))
    ? readFileSync(join(dir, "boot/cmdline"), "utf8").trim()
    : undefined;
  put("proc/cmdline", `${bootArgs ?? own ?? spec.cmdline ?? CMDLINE}\n`);
  put("proc/sys/kernel/random/boot_id", `${randomUUID()}\n`);
  put("proc/stat", `btime ${Math.ceil(Date.now() / 1000)}\n`);
}
