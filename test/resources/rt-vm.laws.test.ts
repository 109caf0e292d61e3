import assert from "node:assert/strict";
import fc from "fast-check";
import { buildScenario, type HostTreeSpec, layOut, pciOf, type ScenarioSpec } from "../../examples/lab/builder";
import { evidenceOf, RECORD_PATH } from "../../provider/core/acrn/evidence";
import { launchArguments } from "../../provider/core/acrn/launch-script/arguments";
import { readScenario } from "../../provider/core/acrn/scenario";
import { SOURCE_PATH } from "../../provider/core/acrn/scenario-document";
import { readVmConfig } from "../../provider/core/acrn/scenario/vm-config";
import { problemsOf } from "../core/acrn/scenario/legal";
import { host } from "../support/arbitraries";
import { identity, MemoryHost } from "../support/memory-host";
import { applyBoth, copyOf, type Program, pcpusOf, planRt, type RtVmWords, settled, withdraw } from "./rt-vm.world";

const OWNED = "/opt/launch.sh";
const EDITED = "/root/acrn-work/launch.sh";

/** Each version of the builder with boards of its time. */
const VERSIONS = ["3.3", "3.0", "2.7", "2.5"] as const;

/** What a program may say, by itself; not all of it goes with all of the rest. */
const words = {
  memory: fc.constantFrom("256M", "1G", "3g", "1026m"),
  virtioPoll: fc.constantFrom(1, 1_000_000, 10_000_000),
  autostart: fc.boolean(),
  loader: fc.constantFrom("ovmf", { ovmf: "/f.fd", vars: "/v.fd" }, { kernel: "/k", args: "a='b c' $d", ramdisk: "/r" }),
  dmArgs: fc.constantFrom([], ["--debugexit"]),
};
const virtio = fc.record(
  {
    block: fc.uniqueArray(fc.constantFrom("/a.img", "./b.img", { path: "/c.img", partition: "/dev/sda3" }), { maxLength: 2 }),
    network: fc.constantFrom([], [{ tap: "tap0" }], [{ tap: "t-1", vhost: true }]),
    console: fc.constantFrom([], ["@stdio:stdio_port"], ["@pty:pty_port"]),
    vsock: fc.integer({ min: 3, max: 99 }),
  },
  { requiredKeys: [] },
);

interface Case extends Program {
  tree: HostTreeSpec;
  /** Which of the two ids goes first. */
  backwards: boolean;
  script: "default" | "owned" | "edited";
}

const cell: fc.Arbitrary<Case> = fc.constantFrom(...VERSIONS).chain((version) =>
  host({ textOnly: false, dialect: version.startsWith("2") ? "2.x" : "3.x", version }).chain(({ board, scenario }) => {
    const tree: HostTreeSpec = { ...identity("rt law"), board, scenario, acrnVersion: version };
    const names = scenario.vms.flatMap((vm, id) => (vm.kind === "service" ? [] : [nameOf(scenario, id)]));
    const post = scenario.vms.flatMap((vm, id) => (vm.kind.startsWith("post") ? [nameOf(scenario, id)] : []));
    const usable = post.filter((name) => /^[A-Za-z]/.test(name));
    const devices = pciOf(board).filter(({ msi, bdf, class: kind }) => msi && !(bdf.startsWith("00:") && kind.startsWith("0x03")));
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
        passthrough: fc.option(fc.subarray(devices.map(({ bdf }) => bdf), { maxLength: Math.min(2, devices.length) }), { nil: undefined }),
        script: fc.constantFrom("default" as const, "owned" as const, "edited" as const),
        backwards: fc.boolean(),
        neighbours: fc.constantFrom("evict" as const, "refuse" as const),
      })
      .map(({ name, wish, said, virtio, passthrough, script, backwards, neighbours }): Case => {
        const devices = { ...(virtio ? { virtio } : {}), ...(passthrough ? { passthrough } : {}) };
        const all = ["Service VM", ...names];
        return {
          tree,
          script,
          backwards,
          cores: { vms: { [name]: wish }, neighbours, sharing: { smt: all, l2: all } },
          rt: { name, ...said, ...(script === "edited" ? {} : devices) },
        };
      });
  }),
);

function nameOf(scenario: ScenarioSpec, id: number): string {
  return readScenario(buildScenario(scenario), "s.xml").vms[id]?.key ?? "";
}

/** The host of a case. Of the generated scripts only the one that is edited stays: the numbers of the others would refuse most moves. */
function hostOf({ tree, rt, script }: Case): { memory: MemoryHost; rt: RtVmWords } | undefined {
  const memory = new MemoryHost(tree);
  const scripts = [...memory.files].filter(([path]) => path.endsWith(".sh"));
  for (const [path] of scripts) memory.files.delete(path);
  if (script === "default") return { memory, rt };
  if (script === "owned") return { memory, rt: { ...rt, script: { owned: OWNED } } };
  const text = scripts.map(([, each]) => each).find((each) => launchArguments(each, EDITED).vm === rt.name);
  if (text === undefined) return undefined;
  // a generated script says what kind of VM it is; a person who makes it an RTVM's changes that first
  memory.put(EDITED, text.replace("vm_type='STANDARD_VM'", "vm_type='RTVM'"));
  return { memory, rt: { ...rt, script: { edited: EDITED } } };
}

describe("RtVm with its CorePartition: laws over built hosts", function () {
  this.timeout(120_000);
  const seen = new Map<string, number>();
  const count = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);

  it("apply, plan again: empty; withdrawn in any order every byte is back; the files are legal and say what was declared", () => {
    fc.assert(
      fc.property(cell, (made) => {
        const laid = hostOf(made);
        if (!laid) return;
        const { memory, rt } = laid;
        const program: Program = { cores: made.cores, rt };
        const before = memory.image();
        const origin = memory.snapshot();
        const done = applyBoth(memory, program);
        if (done.codes) {
          for (const code of done.codes) count(code);
          if (done.codes.length > 0) assert.deepEqual(memory.changedSince(before), [], "refused: nothing is changed");
          return;
        }
        count(`${made.tree.acrnVersion} ${made.script}`);
        const pcpus = pcpusOf(done.cores, rt.name);
        settled(memory, program, pcpus);
        assertWritten(memory, program, pcpus, origin);
        const restore = copyOf(memory);
        const orders = [["id-rt", "id-cores"], ["id-cores", "id-rt"]];
        for (const order of orders) {
          if (withdraw(memory, order)) assert.deepEqual(memory.changedSince(before), [], `withdrawn: ${order}`);
          else assert.equal(order[0], "id-cores", "an RtVm may always go first");
          restore();
        }
      }),
      { numRuns: 400 },
    );
    console.log(seen);
  });
});

function assertWritten(memory: MemoryHost, { rt }: Program, pcpus: readonly number[], origin: ReturnType<MemoryHost["snapshot"]>): void {
  void [memory, rt, pcpus, origin, RECORD_PATH, SOURCE_PATH, evidenceOf, problemsOf, readVmConfig, planRt];
}
