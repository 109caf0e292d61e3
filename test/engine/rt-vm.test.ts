import assert from "node:assert/strict";
import type { Tree } from "../../examples/lab/tree";
import { LEDGER, SOURCE, withLab } from "../support/engine-lab";
import { RtCell } from "../support/engine-rt";
import { changesOf, EngineStack, previewOf } from "../support/engine-stack";

const VM = "NEW_RT";
const CANONICAL = `var/lib/pulumi-acrn/launch/${VM}.sh`;
const NEXT = `var/lib/pulumi-acrn/images/next/${VM}.sh`;
const ENTRY = `usr/share/acrn/conf/add/${VM}.sh`;
/** rpc.unknownValue of @pulumi/pulumi. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const program = ({ pcpus = "[4, 5]", memory = "1G", rt = "rt", options = "{}" } = {}) => `
const host = new AcrnHost("cell", { connection: at.cell });
const cores = new CorePartition("cores", { host, vms: { ${VM}: ${pcpus} } });
const rt = new RtVm("${rt}", {
  host, name: "${VM}", partition: cores, memory: "${memory}", autostart: true,
  virtio: { block: ["/root/acrn-work/rt.img"] },
}, ${options});
exports.rt = pulumi.all([rt.vmId, rt.pcpus, rt.apicIds, rt.waiting]).apply(([id, pcpus, apicIds, waiting]) => ({ id, pcpus, apicIds, waiting }));`;

describe("engine: a new real-time VM, with its cores, from nothing", function () {
  const lab = withLab(this, [
    {
      name: "cell",
      init: "systemd",
      bootMs: 50,
      shutdownMs: 20,
      vms: [
        { kind: "service", cpus: [0, 1] },
        { kind: "post", name: "POST_STD_VM1", cpus: [1, 2] },
      ],
      guests: { [VM]: { address: "192.168.1.20" } },
      files: { "/root/acrn-work/rt.img": "disk\n" },
    },
  ]);
  let stack: EngineStack;
  let cell: RtCell;
  let untouched: Tree;

  before(async () => {
    stack = await EngineStack.create(lab(), "new");
    cell = new RtCell(lab(), "cell");
    stack.program(program());
    untouched = lab().tree("cell");
  });

  async function assertClean(): Promise<void> {
    await stack.ok("preview", "--expect-no-changes");
    await stack.ok("refresh", "--preview-only", "--expect-no-changes");
  }

  it("a preview knows its id, its cores and what waits, and writes nothing", async () => {
    const run = await stack.ok("preview", "--json");
    const preview = previewOf(run);
    assert.deepEqual(changesOf(preview), ["cell: create", "cores: create", "engine-new: create", "rt: create"]);
    const inputs = preview.steps.find(({ urn }) => urn.endsWith("::rt"))?.newState?.inputs ?? {};
    assert.ok(!JSON.stringify(inputs).includes(UNKNOWN), JSON.stringify(inputs));
    assert.deepEqual([inputs.vmId, inputs.pcpus, inputs.apicIds], [2, [4, 5], [8, 10]]);
    assert.match(String(inputs.waiting), /pCPU 4-5 \(the booted image has no NEW_RT\)/);
    const said = preview.diagnostics.filter(({ urn }) => urn?.endsWith("::rt")).map(({ message }) => message);
    assert.match(said.join("\n"), /^\+ +<name>NEW_RT<\/name>$/m);
    assert.deepEqual(lab().changes("cell", untouched, true), []);
  });

  it("up writes its <vm>, the script that waits for the image, and the autostart entry; and starts nothing", async () => {
    await stack.ok("up");
    assert.deepEqual(lab().pcpus("cell", VM), [4, 5]);
    assert.ok(lab().has("cell", NEXT) && lab().has("cell", ENTRY));
    assert.ok(!lab().has("cell", CANONICAL), "nothing that the booted image would launch on any core");
    assert.deepEqual(cell.machine.events, []);
    await assertClean();
  });

  it("a power cut before the image comes starts nothing that would be refused", async () => {
    await cell.machine.powerCut();
    await cell.happened(/^boot$/);
    assert.deepEqual(
      cell.machine.events.filter((event) => event.includes("refused")),
      [],
    );
    await stack.ok("preview", "--expect-no-changes");
  });

  it("with the image installed and booted, autostart takes the script that waited", async () => {
    cell.install();
    await cell.reboot();
    await cell.happened(/^launch NEW_RT$/);
    assert.deepEqual(cell.running(VM)?.pcpus, [4, 5]);
    assert.equal(cell.running(VM)?.memory, "1024M");
  });

  it("the next up takes the script into its place, and what runs is left alone", async () => {
    const { pid } = cell.running(VM) ?? {};
    await stack.ok("up");
    assert.ok(lab().has("cell", CANONICAL) && !lab().has("cell", NEXT));
    assert.equal(cell.running(VM)?.pid, pid);
    await assertClean();
  });

  /** Row by row: where somebody changed something by hand. */
  const drifts = [
    {
      where: "the scenario",
      file: SOURCE,
      from: /(<name>NEW_RT<[\s\S]*?<size>)1024/,
      to: "$12048",
    },
    { where: "the script", file: CANONICAL, from: "1024M", to: "512M" },
    { where: "autostart", file: ENTRY, from: /^exec .*$/m, to: "exec true" },
  ];
  for (const { where, file, from, to } of drifts)
    it(`drift in ${where} is seen without a refresh and with one, and up mends it`, async () => {
      const before = lab().read("cell", file);
      cell.edit(file, from, to);
      const edited = lab().tree("cell");
      assert.deepEqual(changesOf(previewOf(await stack.ok("preview", "--json"))), ["rt: update"]);
      assert.deepEqual(changesOf(previewOf(await stack.ok("preview", "--json", "--refresh"))), ["rt: update"]);
      assert.deepEqual(lab().changes("cell", edited, true), [], "looking writes nothing");
      await stack.ok("up", "--refresh");
      assert.equal(lab().read("cell", file), before);
    });

  it("a rename by alias changes nothing on the machine", async () => {
    const before = lab().tree("cell");
    stack.program(program({ rt: "renamed", options: '{ aliases: [{ name: "rt" }] }' }));
    await stack.ok("up");
    assert.deepEqual(
      lab()
        .changes("cell", before)
        .filter((line) => !line.startsWith(LEDGER)),
      [],
    );
    assert.deepEqual(lab().owners("cell"), ["new cell", "new cores", "new renamed"]);
    await stack.ok("preview", "--expect-no-changes");
  });

  it("destroy gives every byte back and interrupts nothing", async () => {
    const [{ pid } = {}, interrupted] = [cell.running(VM), cell.interrupted];
    await stack.ok("destroy");
    assert.deepEqual(cell.left(untouched), []);
    assert.equal(cell.running(VM)?.pid, pid);
    assert.deepEqual(cell.interrupted, interrupted);
  });
});
