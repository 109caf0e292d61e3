import assert from "node:assert/strict";
import type { Tree } from "../../examples/lab/tree";
import { SOURCE, withLab } from "../support/engine-lab";
import { RtCell } from "../support/engine-rt";
import { EngineStack } from "../support/engine-stack";

const RT = "POST_RT_VM1";
const NEW = "NEW_RT";
/** Where a user of 2.x keeps what the generator made. */
const HOME = "/home/acrn/launch_user_vm_id1.sh";
const OWNED = `var/lib/pulumi-acrn/launch/${NEW}.sh`;
const NEXT = `var/lib/pulumi-acrn/images/next/${NEW}.sh`;
const ENTRY = `usr/share/acrn/conf/add/${NEW}.sh`;

const program = ({ memory = "2G", allow = "[]" } = {}) => `
const host = new AcrnHost("cell", { connection: at.cell });
const cores = new CorePartition("cores", { host, vms: { ${RT}: [3], ${NEW}: [4, 5] } });
new RtVm("rt", { host, name: "${RT}", partition: cores, memory: "${memory}", virtioPoll: 1000000, script: { edited: "${HOME}" } });
new RtVm("new", {
  host, name: "${NEW}", partition: cores, memory: "1G", autostart: true,
  virtio: { block: ["/home/acrn/new.img"] },
});
new Activation("act", {
  host, allow: ${allow}, guests: { ${RT}: { ssh: guests.cell.${RT} } }, limits: { powerOff: 5, launch: 20, reboot: 30 },
});`;

describe("engine: real-time VMs of ACRN 2.x", function () {
  const lab = withLab(this, [
    {
      name: "cell",
      version: "2.7",
      scripts: true,
      init: "systemd",
      bootMs: 50,
      shutdownMs: 20,
      vms: [
        { kind: "service", cpus: [0, 1, 2] },
        { kind: "post-rt", name: RT, cpus: [3] },
        { kind: "post", name: "POST_STD_VM1", cpus: [1, 2] },
      ],
      guests: { [RT]: { address: "192.168.1.10" }, [NEW]: { address: "192.168.1.20" } },
      files: { "/home/acrn/new.img": "disk\n" },
    },
  ]);
  let stack: EngineStack;
  let cell: RtCell;
  let untouched: Tree;

  before(async () => {
    stack = await EngineStack.create(lab(), "old-acrn");
    cell = new RtCell(lab(), "cell");
    untouched = lab().tree("cell");
    await cell.launch(HOME, RT);
  });

  /** Its element in the scenario source. */
  const of = (vm: string) =>
    lab()
      .read("cell", SOURCE)
      .split(/(?=<vm id=)/)
      .find((part) => part.includes(`<name>${vm}</name>`)) ?? "";

  it("up adopts one with its own script and inserts one from nothing, both in the words of 2.x; what runs is left alone", async () => {
    const before = cell.running(RT);
    const script = lab().read("cell", HOME.slice(1));
    stack.program(program());
    await stack.ok("up");
    assert.deepEqual([lab().pcpus("cell", RT), lab().pcpus("cell", NEW)], [[3], [4, 5]]);
    // what makes it real-time is the type [v2.7 vm_config.h CONFIG_POST_RT_VM: SEVERITY_RTVM]
    assert.match(of(NEW), /<vm_type>POST_RT_VM<[\s\S]*<guest_flag>GUEST_FLAG_LAPIC_PASSTHROUGH</);
    assert.doesNotMatch(lab().read("cell", SOURCE), /load_order|lapic_passthrough|<pcpu>/, "nothing of 3.x");
    const edited = lab().read("cell", HOME.slice(1)).split("\n");
    const changed = script.split("\n").flatMap((line, at) => (line === edited[at] ? [] : [edited[at]?.trim()]));
    // its variable's literal, and beside the option that the generator writes last before it
    assert.deepEqual([changed.length, changed[0]], [2, "mem_size=2048M"]);
    assert.match(changed[1] ?? "", /^--mac_seed .* --virtio_poll 1000000 --lapic_pt \\$/);
    assert.ok(lab().has("cell", NEXT) && lab().has("cell", ENTRY) && !lab().has("cell", OWNED), "the new one waits");
    assert.deepEqual([cell.running(RT), cell.interrupted], [before, []]);
    await stack.ok("preview", "--expect-no-changes");
  });

  it("allowed, the adopted one is power-cycled: it has its memory, on the pCPU that it had", async () => {
    stack.program(program({ allow: '["rtvm-power-cycle"]' }));
    await stack.ok("up");
    const { memory, pcpus } = cell.running(RT) ?? {};
    assert.deepEqual([memory, pcpus, cell.interrupted], ["2048M", [3], [`power-off ${RT}`]]);
  });

  it("with its image booted the new one is started by acrnd, on pCPU ids; and the next up takes its script into its place", async () => {
    cell.install();
    await cell.reboot(RT);
    await cell.happened(new RegExp(`^launch ${NEW}$`));
    const { pid, memory, pcpus } = cell.running(NEW) ?? {};
    assert.deepEqual([memory, pcpus], ["1024M", [4, 5]]);
    const { args = [] } = cell.machine.vms().find(({ name }) => name === NEW) ?? {};
    assert.ok(args.includes("--lapic_pt") && !args.includes("--rtvm"), "up to 2.7 --rtvm is soft real-time");
    stack.program(program());
    await stack.ok("up");
    assert.ok(lab().has("cell", OWNED) && !lab().has("cell", NEXT));
    assert.equal(cell.running(NEW)?.pid, pid);
    await stack.ok("refresh", "--preview-only", "--expect-no-changes");
  });

  /** Row by row: where somebody changed something by hand. */
  const drifts = [
    { where: "the scenario", file: SOURCE, from: /(<name>NEW_RT<[\s\S]*<pcpu_id>)5</, to: "$16<" },
    { where: "the edited script", file: HOME.slice(1), from: "2048M", to: "512M" },
    { where: "the owned script", file: OWNED, from: "1024M", to: "512M" },
    { where: "autostart", file: ENTRY, from: /^exec .*$/m, to: "exec true" },
  ];
  it("drift in each place is seen and mended by one up", async () => {
    const before = drifts.map(({ file }) => lab().read("cell", file));
    for (const { file, from, to } of drifts) cell.edit(file, from, to);
    await stack.ok("up", "--refresh");
    for (const [at, { where, file }] of drifts.entries()) assert.equal(lab().read("cell", file), before[at], where);
  });

  it("destroy gives every byte back and interrupts nothing", async () => {
    const [{ pid } = {}, interrupted] = [cell.running(NEW), cell.interrupted];
    await stack.ok("destroy");
    assert.deepEqual(cell.left(untouched), []);
    assert.equal(cell.running(NEW)?.pid, pid);
    assert.deepEqual(cell.interrupted, interrupted);
  });
});
