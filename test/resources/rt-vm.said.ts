import assert from "node:assert/strict";
import { posix } from "node:path";
import type { LaunchArguments } from "../../provider/core/acrn/launch-script/arguments";
import type { RtVmWords } from "./rt-vm.world";

/** What acrn-dm is given: each option with its value, of `-s` without the slot. `undefined`: the machine computes it. */
export interface Said {
  vm: string | undefined;
  options: { name: string; value: string | true | undefined }[];
}

/** As the product reads it off the text. */
export function saidBy({ vm, arguments: all }: LaunchArguments): Said {
  return { vm, options: all.map(({ name, value }) => ({ name: name.replace(/^-s .*/, "-s"), value })) };
}

const FLAGS = new Set(["--rtvm", "--lapic_pt", "--windows", "-A", "--debugexit"]);

/** As acrn-dm got it: words of a real launch. */
export function saidIn(words: readonly string[]): Said {
  const options: Said["options"] = [];
  for (let at = 0; at < words.length - 1; at++) {
    const name = words[at] as string;
    if (FLAGS.has(name)) options.push({ name, value: true });
    else options.push({ name, value: words[++at]?.replace(name === "-s" ? /^[\d:]+,/ : /^$/, "") });
  }
  return { vm: words.at(-1), options };
}

export interface Declared {
  rt: RtVmWords;
  dialect: "2.x" | "3.x";
  /** As the launch names them: APIC ids in 3.x, pCPU ids in 2.x. */
  cpus: readonly number[];
  /** Where the script lies; undefined: it is somebody else's, and edited. */
  owned: string | undefined;
}

/** Everything that is declared is said to acrn-dm, once and as declared (reference 6.1, 6.2). */
export function assertSaid(said: Said, { rt, dialect, cpus, owned }: Declared): void {
  const values = (name: string) => said.options.filter((each) => each.name === name).map(({ value }) => value);
  assert.equal(said.vm, rt.name);
  assert.deepEqual(values("--cpu_affinity"), [[...cpus].sort((a, b) => a - b).join()]);
  assert.deepEqual(values("--lapic_pt"), [true]);
  if (dialect === "3.x") assert.deepEqual(values("--rtvm"), [true], "3.x ignores --lapic_pt without --rtvm");
  else if (owned) assert.deepEqual(values("--rtvm"), [], "up to 2.7 --rtvm is soft real-time");
  if (rt.memory !== undefined) assert.deepEqual(values("-m").map(megabytes), [megabytes(rt.memory)]);
  const devices = values("-s");
  const polled = devices.some((device) => device === undefined || /^virtio-/.test(String(device)));
  if (rt.virtioPoll !== undefined && (polled || !owned))
    assert.deepEqual(values("--virtio_poll"), [`${rt.virtioPoll}`]);
  if (owned && dialect === "3.x" && polled) assert.equal(values("--virtio_poll").length, 1, "T02: an RTVM polls");
  assertLoader(rt, values);
  for (const argument of (rt.dmArgs as string[] | undefined) ?? []) assert.deepEqual(values(argument), [true]);
  if (owned && (rt.virtio || rt.passthrough)) assertDevices(devices, { rt, dialect, owned });
}

function assertLoader({ loader }: RtVmWords, values: (name: string) => unknown[]): void {
  if (loader === undefined) return;
  if (loader === "ovmf") return void assert.deepEqual(values("--ovmf"), ["/usr/share/acrn/bios/OVMF.fd"]);
  const { ovmf, vars, kernel, args, ramdisk } = loader as Record<string, string>;
  if (ovmf) return void assert.deepEqual(values("--ovmf"), [`code=${ovmf},vars=${vars},w`]);
  assert.deepEqual([values("--ovmf"), values("-k"), values("-B"), values("-r")], [[], [kernel], [args], [ramdisk]]);
}

interface Virtio {
  block?: (string | { path: string; partition: string })[];
  network?: { tap: string; vhost?: boolean }[];
  console?: string[];
  vsock?: number;
}

/** Declared virtio devices take the place of all that the scenario had, and so do passthrough devices. */
function assertDevices(
  devices: (string | true | undefined)[],
  { rt, dialect, owned }: Pick<Declared, "rt" | "dialect"> & { owned: string },
): void {
  const known = devices.map((each) => String(each ?? "(computed)").replace(/,mac_seed=.*/, ""));
  const of = (driver: RegExp) => known.filter((each) => driver.test(each)).sort();
  if (rt.virtio) {
    const { block = [], network = [], console = [], vsock } = rt.virtio as Virtio;
    const disks = block.map((each) =>
      typeof each === "string"
        ? `virtio-blk,${posix.resolve(posix.dirname(owned), each)}`
        : `virtio-blk,/run/pulumi-acrn/mnt/${rt.name}/0${each.path}`,
    );
    assert.deepEqual(of(/^virtio-blk/), disks.sort());
    assert.deepEqual(
      of(/^virtio-console/),
      console.map((each) => `virtio-console,${each}`),
    );
    assert.deepEqual(of(/^vhost-vsock/), vsock === undefined ? [] : [`vhost-vsock,cid=${vsock}`]);
    const nets = network.map(
      ({ tap, vhost }) => `virtio-net,${dialect === "3.x" ? "tap=" : ""}${tap}${vhost ? ",vhost" : ""}`,
    );
    const computed = of(/^\(computed\)/).length;
    if (computed > 0) assert.equal(computed, nets.length);
    else assert.deepEqual(of(/^virtio-net/), nets);
  }
  if (rt.passthrough) {
    const addresses = of(/^passthru/).map((each) =>
      each
        .split(",")[1]
        ?.split("/")
        .map((part) => Number.parseInt(part, 16)),
    );
    const wanted = (rt.passthrough as string[]).map((bdf) =>
      bdf.split(/[:.]/).map((part) => Number.parseInt(part, 16)),
    );
    assert.deepEqual(addresses.sort(), wanted.sort());
  }
}

export function megabytes(size: unknown): number {
  const [, digits, unit] = /^(\d+)([mMgG])$/.exec(String(size)) ?? [];
  return Number(digits) * (unit?.toLowerCase() === "g" ? 1024 : 1);
}
