import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { readBoard } from "../../../../provider/core/acrn/board";
import { ownedScript, preparation, type VmConfig } from "../../../../provider/core/acrn/launch";
import { readScenario } from "../../../../provider/core/acrn/scenario";
import { readVmConfig } from "../../../../provider/core/acrn/scenario/vm-config";
import { optional } from "../../../support/needs";
import { type Expected, V2, V2_APART, V3, wordsExpected } from "./expected";
import { launchVms } from "./launch-xml";
import { Machine } from "./machine";

const DATA = "../shared/acrn-data";
const V2_FOLDER = `${DATA}/v2.5/whl-ipc-i5`;

const read = (path: string) => readFileSync(`${DATA}/${path}`, "utf8");
const boardOf = (folder: string) => readBoard(read(`v3.4-dev/${folder}/${folder}.xml`), folder);

const known = new Map<string, string[]>();

/** What acrn-dm was given by our script on a machine that has everything. Scenarios share VMs: each script is run once. */
function launched(vm: VmConfig, apicIds: readonly number[]): string[] {
  const key = `${apicIds}\n${ownedScript(vm)}`;
  const args = known.get(key) ?? launch(vm, apicIds);
  known.set(key, args);
  return [...args];
}

function launch(vm: VmConfig, apicIds: readonly number[]): string[] {
  const machine = new Machine(apicIds);
  try {
    const { files, unbind } = preparation(vm);
    for (const file of files) machine.write(file, "");
    for (const bdf of unbind) machine.device(bdf);
    const { status, stderr } = machine.run(ownedScript(vm));
    assert.deepEqual([status, stderr], [0, ""]);
    assert.deepEqual(machine.offline, vm.realtime ? vm.pcpus : [], "CPUs that were handed over");
    return machine.args ?? [];
  } finally {
    machine.close();
  }
}

const find = (list: readonly Expected[], of: string, vm = ""): Expected | undefined =>
  list.find((expected) => expected.of.includes(of) && expected.args.endsWith(vm));

describe("owned launch scripts of ACRN's own scenarios: the arguments of ACRN's own generator", function () {
  this.timeout(60_000);

  before(function () {
    optional(this, existsSync(DATA), "no ../shared/acrn-data");
  });

  for (const folder of ["generic_board", "nuc11tnbi5", "qemu", "tgl-vecow-spc-7100-Corei7", "whl-ipc-i5"])
    it(`3.x, ${folder}`, () => {
      const board = boardOf(folder);
      const files = readdirSync(`${DATA}/v3.4-dev/${folder}`).filter((file) => file !== `${folder}.xml`);
      for (const file of files) {
        const text = read(`v3.4-dev/${folder}/${file}`);
        // Two VMs of one name; and a network without an interface, of which the generator makes nothing.
        if (/_1user_vm_(hardrt|vxworks)/.test(file)) continue;
        for (const { key, load } of readScenario(text, file).vms) {
          if (load !== "post-launched") continue;
          const expected = find(V3, `${folder}/${file.replace(".xml", "")}`, key);
          assert.ok(expected, `${file} ${key}`);
          const apicIds = board.pcpus.map(({ apicId }) => apicId ?? 0);
          const said = readVmConfig(text, file, key, board.pci);
          const vm = { ...said, apicIds: said.pcpus.map((cpu) => apicIds[cpu]) } as VmConfig;
          assert.deepEqual(launched(vm, apicIds), wordsExpected(expected), `${file} ${key}`);
        }
      }
    });

  it("2.x, each VM of the launch files alone", () => {
    const files = readdirSync(V2_FOLDER).filter((file) => file.includes("_launch_"));
    const tried = files.flatMap((file) => {
      const scenario = readFileSync(`${V2_FOLDER}/${file.split("_launch_")[0]}.xml`, "utf8");
      return launchVms(readFileSync(`${V2_FOLDER}/${file}`, "utf8"), scenario).map((vm) => {
        const of = `${file.replace(".xml", "")} ${vm.name.replace("post_vm_id", "")}`;
        const expected = find(V2, of);
        if (!expected) return of;
        const args = launched(vm, [0, 2, 4, 6]);
        const at = args.indexOf("--cpu_affinity");
        assert.deepEqual(args.splice(at, 2), ["--cpu_affinity", vm.pcpus.join()], of);
        assert.deepEqual(args, wordsExpected(expected), of);
        return "";
      });
    });
    assert.deepEqual(tried.filter(Boolean), V2_APART);
    assert.equal(tried.length, 14);
  });
});
