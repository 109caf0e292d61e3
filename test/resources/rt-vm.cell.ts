import fc from "fast-check";
import { buildScenario, type HostTreeSpec, layOut, pciOf, type ScenarioSpec } from "../../examples/lab/builder";
import { launchArguments } from "../../provider/core/acrn/launch-script/arguments";
import { readScenario } from "../../provider/core/acrn/scenario";
import { host } from "../support/arbitraries";
import { identity, MemoryHost } from "../support/memory-host";
import type { Program, RtVmWords } from "./rt-vm.world";

const OWNED = "/home/acrn/launch.sh";
const EDITED = "/root/acrn-work/launch.sh";

/** Each version of the builder with boards of its time. */
const VERSIONS = ["3.3", "3.0", "2.7", "2.5"] as const;

/** What a program may say, by itself; not all of it goes with all of the rest. */
const words = {
  memory: fc.constantFrom("256M", "1G", "3g", "1026m"),
  virtioPoll: fc.constantFrom(1, 1_000_000, 10_000_000),
  autostart: fc.boolean(),
  loader: fc.constantFrom(
    "ovmf",
    { ovmf: "/home/f.fd", vars: "/home/v.fd" },
    { kernel: "/home/k", args: "a='b c' $d", ramdisk: "/home/r" },
  ),
  dmArgs: fc.constantFrom([], ["--debugexit"]),
};
const virtio = fc.record(
  {
    block: fc.uniqueArray(fc.constantFrom("/home/a.img", "./b.img", { path: "/home/c.img", partition: "/dev/sda3" }), {
      maxLength: 2,
    }),
    network: fc.constantFrom([], [{ tap: "tap0" }], [{ tap: "t-1", vhost: true }]),
    console: fc.constantFrom([], ["@stdio:stdio_port"], ["@pty:pty_port"]),
    vsock: fc.integer({ min: 3, max: 99 }),
  },
  { requiredKeys: [] },
);

export interface Case extends Program {
  tree: HostTreeSpec;
  script: "default" | "owned" | "edited";
}

export const cell: fc.Arbitrary<Case> = fc.constantFrom(...VERSIONS).chain((version) =>
  host({ textOnly: false, dialect: version.startsWith("2") ? "2.x" : "3.x", version }).chain(({ board, scenario }) => {
    const tree: HostTreeSpec = { ...identity("rt law"), board, scenario, acrnVersion: version };
    const names = scenario.vms.flatMap((vm, id) => (vm.kind === "service" ? [] : [nameOf(scenario, id)]));
    const post = scenario.vms.flatMap((vm, id) => (vm.kind.startsWith("post") ? [nameOf(scenario, id)] : []));
    const usable = post.filter((name) => /^[A-Za-z]/.test(name));
    const devices = pciOf(board).filter(
      ({ msi, bdf, class: kind }) => msi && !(bdf.startsWith("00:") && kind.startsWith("0x03")),
    );
    const cpus = layOut(board).threads.length;
    const wish = fc.oneof(
      fc.record({ cores: fc.constant(1) }),
      fc.uniqueArray(fc.integer({ min: 1, max: Math.max(cpus - 1, 1) }), { minLength: 1, maxLength: 3 }),
    );
    return fc
      .record({
        name: fc.constantFrom(...usable, ...usable, "NEW_VM"),
        wish,
        said: fc.record(words, { requiredKeys: [] }),
        virtio: fc.option(virtio, { nil: undefined }),
        passthrough: fc.option(
          fc.subarray(
            devices.map(({ bdf }) => bdf),
            { maxLength: Math.min(2, devices.length) },
          ),
          { nil: undefined },
        ),
        script: fc.constantFrom("default" as const, "owned" as const, "edited" as const),
        neighbours: fc.constantFrom("evict" as const, "refuse" as const),
      })
      .map(({ name, wish, said, virtio, passthrough, script, neighbours }): Case => {
        const devices = { ...(virtio ? { virtio } : {}), ...(passthrough ? { passthrough } : {}) };
        const all = ["Service VM", ...names];
        return {
          tree,
          script,

          cores: { vms: { [name]: wish }, neighbours, sharing: { smt: all, l2: all } },
          rt: { name, ...said, ...(script === "edited" ? {} : devices) },
        };
      });
  }),
);

function nameOf(scenario: ScenarioSpec, id: number): string {
  return readScenario(buildScenario(scenario), "s.xml").vms[id]?.key ?? "";
}

/** The host of a case. Of the generated scripts only the one that is edited stays. Undefined: the VM has none. */
export function hostOf({ tree, rt, script }: Case): Laid | undefined {
  const memory = new MemoryHost(tree);
  const scripts = [...memory.files].filter(([path]) => path.endsWith(".sh"));
  for (const [path] of scripts) memory.files.delete(path);
  if (script === "default") return { memory, rt, path: `/var/lib/pulumi-acrn/launch/${rt.name}.sh` };
  if (script === "owned") return { memory, rt: { ...rt, script: { owned: OWNED } }, path: OWNED };
  const text = scripts.map(([, each]) => each).find((each) => launchArguments(each, EDITED).vm === rt.name);
  if (text === undefined) return undefined;
  // a generated script says what kind of VM it is; a person who makes it an RTVM's changes that first
  memory.put(EDITED, text.replace("vm_type='STANDARD_VM'", "vm_type='RTVM'"));
  return { memory, rt: { ...rt, script: { edited: EDITED } }, path: EDITED };
}

export interface Laid {
  memory: MemoryHost;
  rt: RtVmWords;
  /** Where the launch script lies. */
  path: string;
}
