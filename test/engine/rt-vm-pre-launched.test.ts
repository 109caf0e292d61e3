import assert from "node:assert/strict";
import type { Tree } from "../../examples/lab/tree";
import { SOURCE, withLab } from "../support/engine-lab";
import { RtCell } from "../support/engine-rt";
import { EngineStack } from "../support/engine-stack";

const VM = "PRE_RT";
const CFG = `etc/default/grub.d/pulumi-acrn-${VM}.cfg`;
const MENU = "boot/grub/grub.cfg";

/** As 25_linux_acrn does: the kernel's tag, and behind it what the variable of that tag says. */
const UPDATE_GRUB = `cd "$PULUMI_ACRN_ROOT" || exit
GRUB_ACRN_MOD_CMDLINE_VM0_bzImage=
for cfg in etc/default/grub.d/*.cfg; do . "./$cfg"; done
mkdir -p boot/grub
echo "module2 /boot/rt VM0_bzImage $GRUB_ACRN_MOD_CMDLINE_VM0_bzImage" >${MENU}
`;

const ARGS = "root=/dev/sda3 isolcpus=nohz,domain,1 nohz_full=1 x2apic_phys";

const program = ({ pcpus = "[2, 3]", bootArgs = ARGS, allow = "[]" } = {}) => `
const host = new AcrnHost("cell", { connection: at.cell });
const cores = new CorePartition("cores", { host, vms: { ${VM}: ${pcpus} } });
const rt = new RtVm("rt", { host, name: "${VM}", partition: cores, load: "pre-launched", memory: "2G", bootArgs: "${bootArgs}" });
new Activation("act", { host, allow: ${allow}, limits: { powerOff: 5, launch: 5, reboot: 10 } });
exports.scriptPath = rt.scriptPath;`;

describe("engine: a pre-launched real-time VM", function () {
  const lab = withLab(this, [
    {
      name: "cell",
      init: "systemd",
      bootMs: 50,
      shutdownMs: 20,
      vms: [
        { kind: "pre-rt", name: VM, cpus: [2, 3] },
        { kind: "service", cpus: [0, 1] },
        { kind: "post", name: "POST_STD_VM1", cpus: [1] },
      ],
      commands: { "update-grub": UPDATE_GRUB },
    },
  ]);
  let stack: EngineStack;
  let cell: RtCell;
  let untouched: Tree;

  before(async () => {
    stack = await EngineStack.create(lab(), "pre");
    cell = new RtCell(lab(), "cell");
    untouched = lab().tree("cell");
  });

  const up = async (words: Parameters<typeof program>[0] = {}) => {
    stack.program(program(words));
    return (await stack.ok("up")).text;
  };

  it("adopted: memory goes to the scenario, its kernel's arguments to a file of GRUB's; nothing of a launch script", async () => {
    const said = await up();
    assert.match(lab().read("cell", SOURCE), /<name>PRE_RT<[\s\S]*?<size>2048<[\s\S]*SERVICE_VM/);
    assert.match(lab().read("cell", CFG), /^export GRUB_ACRN_MOD_CMDLINE_VM0_bzImage="root=\/dev\/sda3 isolcpus=/m);
    assert.deepEqual(
      cell.left(untouched).filter((line) => /launch\/|conf\/add|images\//.test(line)),
      [],
    );
    assert.match(said, /update-grub/);
    assert.match(said, /hypervisor-install/);
    assert.deepEqual(cell.machine.events, []);
    await stack.ok("preview", "--expect-no-changes");
  });

  it("a reboot is refused while it lives, and then GRUB's menu is not touched either: nothing is begun", async () => {
    stack.program(program({ allow: '["update-grub", "host-reboot"]' }));
    const { text } = await stack.fails("up");
    assert.match(text, /PRE_RT is a pre-launched real-time VM: the Service VM cannot reset the machine while it lives/);
    assert.match(text, /by hand/);
    assert.match(text, /Nothing was interrupted/);
    assert.ok(!lab().has("cell", MENU));
    assert.deepEqual(cell.machine.events, []);
  });

  it("update-grub alone is done, and that a boot is missing is said", async () => {
    const said = await up({ allow: '["update-grub"]' });
    assert.match(said, /GRUB's menu was made anew/);
    assert.ok(lab().read("cell", MENU).includes(`VM0_bzImage ${ARGS}\n`));
    assert.match(said, /not running: .*host-reboot/);
    assert.deepEqual(cell.machine.events, []);
    assert.doesNotMatch(await up(), /update-grub(?! skips)/, "once");
  });

  it("after power off and on by hand everything runs, and its new pCPUs wait for their image", async () => {
    cell.install();
    await cell.machine.powerButton();
    await cell.happened(/^boot$/);
    assert.doesNotMatch(await up(), /not running/);
    await stack.ok("preview", "--expect-no-changes");
    const said = await up({ pcpus: "[3]" });
    assert.deepEqual(lab().pcpus("cell", VM), [3]);
    assert.match(said, /not running: hypervisor-install/);
    assert.doesNotMatch(said, /update-grub(?! skips)/);
  });

  /** Row by row: where somebody changed something by hand. */
  const drifts = [
    { where: "the scenario", file: SOURCE, from: /(<name>PRE_RT<[\s\S]*?<size>)2048/, to: "$11024" },
    { where: "GRUB's file", file: CFG, from: "nohz_full=1", to: "nohz_full=2" },
  ];
  it("drift in each place is seen and mended by one up", async () => {
    const before = drifts.map(({ file }) => lab().read("cell", file));
    for (const { file, from, to } of drifts) cell.edit(file, from, to);
    await stack.ok("up", "--refresh");
    for (const [at, { where, file }] of drifts.entries()) assert.equal(lab().read("cell", file), before[at], where);
  });

  it("destroy gives every byte back and interrupts nothing", async () => {
    const { interrupted } = cell;
    await stack.ok("destroy");
    assert.deepEqual(cell.left(untouched), []);
    assert.deepEqual(cell.interrupted, interrupted);
  });
});
