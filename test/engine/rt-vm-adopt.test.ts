import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import type { Tree } from "../../examples/lab/tree";
import { SOURCE, withLab } from "../support/engine-lab";
import { RtCell } from "../support/engine-rt";
import { EngineStack } from "../support/engine-stack";

const RT = "POST_RT_VM1";
const STD = "POST_STD_VM1";
const HOME = "/root/acrn-work/launch_rt.sh";
const FOLDER = "usr/share/acrn/launch-scripts/engine-board/shared";
const OWNED = `var/lib/pulumi-acrn/launch/${RT}.sh`;
const ENTRY = `usr/share/acrn/conf/add/${RT}.sh`;
/** Beside the owned script, because the scenario names it by a relative path. */
const DISK = "var/lib/pulumi-acrn/launch/vm1.img";

const HOST = 'const host = new AcrnHost("cell", { connection: at.cell });';
const CORES = `const cores = new CorePartition("cores", { host, vms: { ${RT}: [2, 3] }, neighbours: "evict" });`;
const VM = `new RtVm("rt", { host, name: "${RT}", partition: cores, memory: "2G", autostart: true });`;
const ACTIVATE = `new Activation("act", {
  host, allow: ["rtvm-power-cycle"], guests: { ${RT}: { ssh: guests.cell.${RT} } }, limits: { powerOff: 5, launch: 20, reboot: 30 },
});`;

describe("engine: a real-time VM that is there is adopted", function () {
  const lab = withLab(this, [
    {
      name: "cell",
      init: "systemd",
      scripts: true,
      bootMs: 50,
      shutdownMs: 20,
      vms: [
        { kind: "service", cpus: [0, 1] },
        { kind: "post-rt", name: RT, cpus: [2, 3] },
        { kind: "post", name: STD, cpus: [1, 2] },
      ],
      guests: { [RT]: { address: "192.168.1.10" } },
    },
  ]);
  let stack: EngineStack;
  let cell: RtCell;
  let untouched: Tree;

  before(async () => {
    stack = await EngineStack.create(lab(), "adopt");
    cell = new RtCell(lab(), "cell");
    // as somebody narrowed them by hand: the scenario grants pCPU 2 to both
    cell.edit(`${FOLDER}/launch_user_vm_id2.sh`, "add_cpus 2 4", "add_cpus 2");
    cell.write(
      HOME.slice(1),
      lab().read("cell", `${FOLDER}/launch_user_vm_id1.sh`).replace("add_cpus 4 6", "add_cpus 6"),
    );
    cell.write(ENTRY, "#!/bin/bash\nexec bash /root/acrn-work/launch_rt.sh\n");
    cell.write(ENTRY.replace(/sh$/, "args"), "\n");
    untouched = lab().tree("cell");
    await cell.launch(HOME, RT);
  });

  const program = (...lines: string[]) => stack.program([HOST, ...lines].join("\n"));

  it("up writes what is declared, and what runs is left alone", async () => {
    const before = cell.running(RT);
    program(CORES, VM);
    await stack.ok("up");
    assert.match(lab().read("cell", SOURCE), new RegExp(`<name>${RT}<[\\s\\S]*?<size>2048<`));
    assert.ok(lab().has("cell", OWNED));
    assert.match(lab().read("cell", ENTRY), /pulumi-acrn/);
    assert.deepEqual([cell.running(RT), cell.interrupted], [before, []]);
    await stack.ok("preview", "--expect-no-changes");
  });

  /** Row by row: what would keep it from starting again, so that it is not powered off. */
  const doors: { what: string; prepare: () => Promise<void> | void; says: RegExp }[] = [
    {
      what: "its disk is missing",
      prepare: () => {},
      says: /POST_RT_VM1 would not start again: .*vm1\.img is missing[\s\S]*Nothing was interrupted/,
    },
    {
      what: "another VM runs on one of its cores",
      prepare: async () => {
        cell.write(DISK, "disk\n");
        const start = `acrn-dm --cpu_affinity 4 -m 1024M ${STD}`;
        await cell.on(`setsid nohup ${start} >/dev/null 2>&1 </dev/null &`);
        await cell.happened(new RegExp(`^launch ${STD}$`));
      },
      says: /POST_STD_VM1 runs on a pCPU of POST_RT_VM1 \(2,3\): POST_RT_VM1 would not start again/,
    },
  ];
  for (const { what, prepare, says } of doors)
    it(`${what}: nothing is interrupted`, async () => {
      await prepare();
      const before = cell.running(RT);
      program(CORES, VM, ACTIVATE);
      const run = await stack.fails("up");
      assert.match(run.text, says);
      assert.deepEqual([cell.running(RT), cell.interrupted], [before, []]);
    });

  it("with both out of the way it is power-cycled, and its neighbour is not", async () => {
    await cell.on(`acrnctl stop ${STD}`);
    await cell.happened(new RegExp(`^stop ${STD}$`));
    await cell.launch(`/${FOLDER}/launch_user_vm_id2.sh`, STD);
    const neighbour = cell.running(STD);
    await stack.ok("up");
    assert.deepEqual(cell.running(RT)?.pcpus, [2, 3]);
    assert.equal(cell.running(RT)?.memory, "2048M");
    assert.deepEqual(cell.running(STD), neighbour);
    rmSync(lab().path("cell", DISK)); // a file of the user's in a folder of ours would keep it
  });

  /** Row by row: in what order it goes; after the last, every byte is back, whatever runs. */
  const target = (name: string, kind: string, ...more: string[]) => [
    "--target",
    `urn:pulumi:adopt::engine::pulumi-nodejs:dynamic/acrn:${kind}::${name}`,
    ...more,
  ];
  const orders: { what: string; steps: (() => Promise<unknown>)[] }[] = [
    {
      what: "dropped from the program one after the other",
      steps: [
        async () => {
          program(CORES);
          await stack.ok("up");
          assert.ok(!lab().has("cell", OWNED));
          assert.deepEqual(lab().pcpus("cell", RT), [2, 3]);
          assert.deepEqual(lab().pcpus("cell", STD), [1], "the partition still holds its cores");
        },
        () => stack.ok("destroy"),
      ],
    },
    {
      what: "destroyed by target, the RtVm first",
      steps: [
        () => stack.ok("destroy", ...target("rt", "RtVm")),
        () => stack.ok("destroy", ...target("cores", "CorePartition")),
        () => stack.ok("destroy"),
      ],
    },
    {
      what: "destroyed by target, the CorePartition first, with what hangs on it",
      steps: [
        () => stack.ok("destroy", ...target("cores", "CorePartition", "--target-dependents")),
        () => stack.ok("destroy"),
      ],
    },
    {
      what: "destroyed with its AcrnHost",
      steps: [() => stack.ok("destroy", ...target("cell", "AcrnHost", "--target-dependents"))],
    },
  ];
  for (const { what, steps } of orders)
    it(`${what}: every byte is back, and nothing is interrupted`, async () => {
      program(CORES, VM);
      await stack.ok("up");
      const [before, interrupted] = [cell.running(RT), cell.interrupted];
      for (const step of steps) await step();
      assert.deepEqual(cell.left(untouched), []);
      assert.deepEqual([cell.running(RT), cell.interrupted], [before, interrupted]);
    });
});
