import assert from "node:assert/strict";
import type { Tree } from "../../examples/lab/tree";
import { SOURCE, withLab } from "../support/engine-lab";
import { RtCell } from "../support/engine-rt";
import { EngineStack } from "../support/engine-stack";

const CFG = "etc/default/grub.d/zz-pulumi-acrn-hypervisor.cfg";
const MENU = "boot/grub/grub.cfg";

/** As 25_linux_acrn does: the record's policy first, then what the settings say. */
const UPDATE_GRUB = `cd "$PULUMI_ACRN_ROOT" || exit
for cfg in etc/default/grub.d/*.cfg; do . "./$cfg"; done
mkdir -p boot/grub
echo "multiboot2 /boot/acrn-3.3.bin cpu_perf_policy=Performance $GRUB_CMDLINE_ACRN" >${MENU}
`;

const ARGS = 'scheduler: "noop", mcePageSizeWorkaround: "off", trustAllGuestKernels: true, keepIrqDisabled: true';

const program = (args = ARGS, allow = "[]") => `
const { HypervisorFeatures } = require("pulumi-acrn");
const host = new AcrnHost("cell", { connection: at.cell });
const cores = new CorePartition("cores", { host, vms: { POST_RT_VM1: [2, 3] } });
const features = new HypervisorFeatures("features", { host, partition: cores, ${args} });
new Activation("act", { host, allow: ${allow}, limits: { powerOff: 5, launch: 5, reboot: 10 } });
exports.elements = features.elements;`;

describe("engine: options of the hypervisor", function () {
  const lab = withLab(this, [
    {
      name: "cell",
      init: "systemd",
      bootMs: 50,
      shutdownMs: 20,
      vms: [
        { kind: "service", cpus: [0, 1] },
        { kind: "post-rt", name: "POST_RT_VM1", cpus: [1, 2, 3] },
        { kind: "post", name: "POST_STD_VM1", cpus: [1] },
      ],
      commands: { "update-grub": UPDATE_GRUB },
    },
  ]);
  let stack: EngineStack;
  let cell: RtCell;
  let untouched: Tree;

  before(async () => {
    stack = await EngineStack.create(lab(), "features");
    cell = new RtCell(lab(), "cell");
    untouched = lab().tree("cell");
  });

  const up = async (...words: Parameters<typeof program>) => {
    stack.program(program(...words));
    return (await stack.ok("up")).text;
  };
  const hv = () => /<hv>[\s\S]*<\/hv>/.exec(lab().read("cell", SOURCE))?.[0] ?? "";

  it("one that the version lacks is an error of its property, and nothing is written", async () => {
    stack.program(program('keepIrqDisabled: true, acrnVersion: "2.7"'));
    const { text } = await stack.fails("up");
    assert.match(text, /keepIrqDisabled[\s\S]*3\.0 and later/);
    assert.doesNotMatch(lab().changes("cell", untouched).join("\n"), /hv|grub/);
  });

  it("created: the elements of this version, judged by the pCPUs that the same program declares", async () => {
    const said = await up();
    assert.match(hv(), /<SCHEDULER>SCHED_NOOP</);
    assert.match(hv(), /<MCE_ON_PSC_ENABLED>n</);
    assert.match(hv(), /<KEEP_IRQ_DISABLED>y</);
    assert.match(said, /not running: .*hypervisor-install/);
    assert.ok(!lab().has("cell", CFG));
    await stack.ok("preview", "--expect-no-changes");
  });

  it("changed: the policy comes by GRUB, what is no longer named goes back", async () => {
    const said = await up('scheduler: "noop", cpuPerformancePolicy: "nominal"');
    assert.match(hv(), /<MCE_ON_PSC_ENABLED>y</);
    assert.doesNotMatch(hv(), /KEEP_IRQ_DISABLED/);
    assert.match(hv(), /<CPU_PERFORMANCE_POLICY>Nominal</);
    assert.match(said, /update-grub/);
    await up('scheduler: "noop", cpuPerformancePolicy: "nominal"', '["update-grub"]');
    assert.match(lab().read("cell", MENU), /cpu_perf_policy=Performance cpu_perf_policy=Nominal$/m);
    assert.deepEqual(cell.interrupted, []);
  });

  it("drift in each place is seen and mended by one up", async () => {
    const before = [lab().read("cell", SOURCE), lab().read("cell", CFG)];
    cell.edit(SOURCE, "SCHED_NOOP", "SCHED_PRIO");
    cell.edit(CFG, '=Nominal"', '=Performance"');
    await stack.ok("up", "--refresh");
    assert.deepEqual([lab().read("cell", SOURCE), lab().read("cell", CFG)], before);
  });

  it("destroy gives every byte back and interrupts nothing", async () => {
    await stack.ok("destroy");
    assert.deepEqual(cell.left(untouched), []);
    assert.deepEqual(cell.interrupted, []);
  });
});
