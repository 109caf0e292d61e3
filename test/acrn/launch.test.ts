import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readBoard } from "../../provider/core/acrn/board";
import { ownedScript, preparation, type VmConfig } from "../../provider/core/acrn/launch";
import { readScenario } from "../../provider/core/acrn/scenario";
import { OVMF, readVmConfig } from "../../provider/core/acrn/scenario/vm-config";
import { Machine } from "../core/acrn/launch/machine";
import { DATA, type Real, reals } from "../resources/reals";
import { optional } from "../support/needs";
import { Acrn } from "./support/acrn";

/** The tables of test/core/acrn/launch/expected.ts were made like this; here ACRN's generator runs again. */
describe("our launch scripts against those of ACRN's own generator", function () {
  this.timeout(900_000);
  let acrn: Acrn;
  before(async function () {
    optional(this, existsSync(DATA), "no ../shared/acrn-data");
    const found = await Acrn.find();
    if (typeof found === "string") throw new Error(found);
    acrn = found;
  });

  it("every post-launched VM of the real 3.x scenarios: the same arguments of acrn-dm", async () => {
    let same = 0;
    for (const real of reals("v3.4-dev")) {
      if (/_1user_vm_vxworks/.test(real.file)) continue; // a network without an interface, over which the generator falls
      const { vms } = readScenario(real.scenario, real.file);
      const service = vms.find(({ load }) => load === "service")?.id;
      if (service === undefined) continue; // the generator needs one
      const scripts = await acrn.launchScripts(real);
      for (const vm of vms) {
        // the generator counts from the Service VM on
        const theirs = scripts.get(vm.id - service);
        if (vm.load !== "post-launched" || theirs === undefined) continue;
        assert.deepEqual(
          launched(ours(real, vm.key), real, vm.key),
          mended(launched(theirs, real, vm.key), real, vm.key),
        );
        same++;
      }
    }
    console.log(`      ${same} scripts, ACRN ${acrn.version}`);
    assert.ok(same >= 30, `${same}`);
  });
});

function configOf({ board, scenario, file }: Real, name: string): VmConfig {
  const hardware = readBoard(board, "board.xml");
  const said = readVmConfig(scenario, file, name, hardware.pci);
  const apicIds = said.pcpus.map((id) => hardware.pcpus.find((each) => each.id === id)?.apicId ?? 0);
  return { ...said, apicIds } as VmConfig;
}

const ours = (real: Real, name: string): string => ownedScript(configOf(real, name));

/** What acrn-dm was given on a machine that has everything that the VM needs. */
function launched(script: string, real: Real, name: string): string[] {
  const vm = configOf(real, name);
  const machine = new Machine(readBoard(real.board, "b").pcpus.map(({ apicId }) => apicId ?? 0));
  try {
    const { files, unbind } = preparation(vm);
    for (const path of files) machine.write(path, "");
    for (const bdf of unbind) machine.device(bdf);
    const { status, stderr } = machine.run(script);
    assert.equal(status, 0, `${name}: ${stderr}`);
    return machine.args ?? [];
  } finally {
    machine.close();
  }
}

/**
 * Where the scenario says nothing, the generator says `-m NoneM` and no loader; the schema has defaults, which are meant. And 3.4-dev says which
 * region of a shared memory it is, a word that older device models do not take.
 */
function mended(args: string[], real: Real, name: string): string[] {
  const { memoryMb, loader } = configOf(real, name);
  const older = args.map((word) => word.replace(/^(\d+,ivshmem,\S+,\d+),0$/, "$1"));
  const said = older.map((word) => (word === "NoneM" ? `${memoryMb}M` : word));
  if (said.includes("--ovmf") || loader?.how !== "ovmf") return said;
  const behind = said.indexOf("-m") + 2;
  return [...said.slice(0, behind), "--ovmf", OVMF, ...said.slice(behind)];
}
