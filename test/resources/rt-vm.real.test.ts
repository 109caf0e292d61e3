import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { launchScripts } from "../../examples/lab/builder";
import { readScenario } from "../../provider/core/acrn/scenario";
import type { VmView } from "../../provider/core/acrn/types";
import { optional } from "../support/needs";
import { DATA, hostOf, type Real, reals } from "./reals";
import { lawful, type RtVmWords } from "./rt-vm.world";
import { assertWritten } from "./rt-vm.written";

const OWNED = "/home/acrn/launch.sh";
const EDITED = "/root/acrn-work/launch.sh";

/** Laws for one VM of one host: on the pCPUs that it has, else on any whole core. Returns what was refused. */
function tried(real: Real, rt: RtVmWords, pcpus: readonly number[], script?: string): readonly string[] {
  const own = pcpus.length === 0 || pcpus.includes(0) ? ["any"] : triedOn(real, rt, [...pcpus], script);
  return own.length === 0 ? own : triedOn(real, rt, { cores: 1 }, script);
}

function triedOn(real: Real, rt: RtVmWords, wish: number[] | { cores: number }, script?: string): readonly string[] {
  const memory = hostOf(real);
  if (script !== undefined) memory.put(EDITED, script);
  const [path, edited] = script === undefined ? [OWNED, false] : [EDITED, true];
  const names = readScenario(real.scenario, real.file).vms.map(({ key }) => key);
  const words: RtVmWords = { ...rt, script: edited ? { edited: path } : { owned: path } };
  const cores = { vms: { [rt.name]: wish }, neighbours: "evict" as const, sharing: { smt: names, l2: names } };
  return lawful(memory, { cores, rt: words }, (pcpus) => {
    const { dialect, scenario: record } = real;
    assertWritten({ memory, rt: words, dialect, pcpus, path, edited, record });
  });
}

function postLaunched(real: Real): VmView[] {
  return readScenario(real.scenario, real.file).vms.filter(({ load }) => load === "post-launched");
}

const WORDS = { memory: "2G", autostart: true, dmArgs: ["--debugexit"] };

/** What ACRN's own data leaves no room for; everything else is accepted. */
const REFUSED: Record<string, string[]> = {
  "v3.4-dev": [
    ...["generic_board", "nuc11tnbi5", "tgl-vecow-spc-7100-Corei7"].map(
      (folder) => `${folder}/partitioned.xml NEW_VM: scenario.no-service-vm`,
    ),
    // its pre-launched RTVM has two of the four cores, and the Service VM keeps pCPU 0
    ...["hybrid_rt.xml", "hybrid_rt_launch_1user_vm_waag.xml"].flatMap((file) =>
      ["POST_STD_VM1", "NEW_VM"].map((vm) => `whl-ipc-i5/${file} ${vm}: cores.does-not-fit`),
    ),
    "whl-ipc-i5/partitioned.xml NEW_VM: scenario.no-service-vm",
    // two RTVMs have all four cores
    ...["POST_STD_VM2", "POST_STD_VM3", "POST_STD_VM4", "POST_STD_VM5", "NEW_VM"].map(
      (vm) => `whl-ipc-i5/shared_launch_1user_vm_vxworks.xml ${vm}: cores.does-not-fit`,
    ),
  ],
  "v2.5": [
    "nuc11tnbi5/industry.xml NEW_VM: rtvm.nameless",
    "whl-ipc-i5/hybrid_rt.xml NEW_VM: cores.does-not-fit",
    "whl-ipc-i5/industry.xml NEW_VM: rtvm.nameless",
    "whl-ipc-i5/logical_partition.xml NEW_VM: scenario.no-service-vm",
  ],
};

describe("RtVm over ACRN's own scenarios and boards: the laws", function () {
  this.timeout(240_000);

  before(function () {
    optional(this, existsSync(DATA), "no ../shared/acrn-data");
  });

  for (const [version, count] of [
    ["v3.4-dev", 72],
    ["v2.5", 2],
  ] as const)
    it(`${version}: every post-launched VM with a name adopted, and a new one inserted; its script owned`, () => {
      const refused: string[] = [];
      let accepted = 0;
      for (const real of reals(version)) {
        // up to v2.6 post-launched VMs have no names, and an RtVm goes by the name
        const named = postLaunched(real).filter(({ name }) => name !== undefined);
        for (const { key, affinity } of [...named, { key: "NEW_VM", affinity: [] }]) {
          const codes = tried(real, { name: key, ...WORDS }, affinity ?? []);
          if (codes.length === 0) accepted++;
          else refused.push(`${real.folder}/${real.file} ${key}: ${codes}`);
        }
      }
      assert.deepEqual([accepted, refused], [count, REFUSED[version]]);
    });

  it("v3.4-dev: the generated script of every real-time VM edited", () => {
    const refused: string[] = [];
    let accepted = 0;
    for (const real of reals("v3.4-dev"))
      for (const { key, affinity = [] } of postLaunched(real).filter(({ realtime }) => realtime)) {
        const rt = { kind: "post-rt" as const, name: key, cpus: [...affinity] };
        const vms = [{ kind: "service" as const, cpus: [] }, rt];
        const [script] = launchScripts({ name: "b", pCores: 4 }, { name: "s", board: "b", vms });
        const codes = tried(real, { name: key, ...WORDS, virtioPoll: 500_000 }, affinity, script?.text);
        if (codes.length === 0) accepted++;
        else refused.push(`${real.folder}/${real.file} ${key}: ${codes}`);
      }
    assert.deepEqual([accepted, refused], [11, []]);
  });
});
