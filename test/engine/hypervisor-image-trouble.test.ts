import assert from "node:assert/strict";
import { boots } from "../../examples/lab/boots";
import { upgradeKernel, upgradePackage } from "../../examples/lab/upgrade";
import { withLab } from "../support/engine-lab";
import { RtCell } from "../support/engine-rt";
import type { Run } from "../support/engine-run";
import { EngineStack } from "../support/engine-stack";

const RT = "POST_RT_VM1";
const HOME = "/root/acrn-work/launch_rt.sh";
const IMAGES = "var/lib/pulumi-acrn/images";

/** @param flags of the stub build, which may fail, or make an image that dies */
const program = ({ flags = "", generation = "", pcpus = "[3, 4]" } = {}) => `
const { HypervisorImage } = require("pulumi-acrn");
const host = new AcrnHost("cell", { connection: at.cell });
const cores = new CorePartition("cores", { host, vms: { ${RT}: ${pcpus} } });
const rt = new RtVm("rt", { host, name: "${RT}", partition: cores, memory: "2G", script: { edited: "${HOME}" }, autostart: true });
const image = new HypervisorImage("image", { host, ${generation && `generation: "${generation}",`}
  build: { command: 'lab-build "$BOARD_FILE" "$SCENARIO_FILE" "$OUT" ${flags}' } });
new Activation("act", { host, allow: ["hypervisor-install", "host-reboot", "rtvm-power-cycle"],
  guests: { ${RT}: { ssh: guests.cell.${RT} } }, limits: { powerOff: 10, launch: 20, reboot: 30 } });
exports.image = image.image;`;

describe("engine: a hypervisor image that comes to grief, and the way back", function () {
  const lab = withLab(this, [
    {
      name: "cell",
      menu: true,
      scripts: true,
      bootMs: 50,
      shutdownMs: 20,
      vms: [
        { kind: "service", cpus: [0, 1] },
        { kind: "post-rt", name: RT, cpus: [3] },
      ],
      guests: { [RT]: { address: "192.168.1.10", powerOff: "at-once" } },
    },
  ]);
  let stack: EngineStack;
  let cell: RtCell;
  let first = "";

  before(async () => {
    stack = await EngineStack.create(lab(), "image-trouble");
    cell = new RtCell(lab(), "cell");
    cell.write("root/acrn-work/vm1.img", "disk\n");
    const generated = "usr/share/acrn/launch-scripts/engine-board/shared/launch_user_vm_id1.sh";
    cell.write(HOME.slice(1), lab().read("cell", generated));
    await cell.launch(HOME, RT);
  });

  const up = async (given: Parameters<typeof program>[0]): Promise<Run> => {
    stack.program(program(given));
    return stack.ok("up");
  };
  const booted = () => cell.machine.state().booted?.image;
  const wanted = () => String(stack.resource("image").outputs.image);

  it("a build that fails: its words are shown, nothing is left of it, and nothing was interrupted", async () => {
    stack.program(program({ flags: "--fail" }));
    const run = await stack.fails("up");
    assert.match(run.text, /the build .*failed|status 2/);
    assert.ok(!lab().has("cell", `${IMAGES}/wanted`));
    assert.deepEqual([cell.interrupted, cell.running(RT)?.pcpus], [[], [3]]);
  });

  it("an image that dies: the machine is back with the old one, the RTVM runs again, and the error says so", async () => {
    stack.program(program({ flags: "--die" }));
    const run = await stack.fails("up");
    assert.match(run.text, /was tried and the machine came back with an image without our mark/);
    assert.match(run.text, new RegExp(`${RT} ran before and runs again`));
    assert.equal(booted(), undefined);
    assert.deepEqual(cell.running(RT)?.pcpus, [3]);
    assert.ok(!lab().has("cell", `${IMAGES}/promoted`));
  });

  it("one that is well takes its place, and another one after it", async () => {
    await up({});
    first = wanted();
    assert.equal(booted(), first);
    assert.deepEqual(cell.running(RT)?.pcpus, [3, 4]);
    await up({ pcpus: "[4, 5]" });
    assert.notEqual(booted(), first);
    assert.equal(booted(), wanted());
    assert.deepEqual(cell.running(RT)?.pcpus, [4, 5]);
    await stack.ok("preview", "--expect-no-changes");
  });

  it("`generation` goes back to the one before, which is tried and promoted like any other", async () => {
    await up({ generation: first });
    assert.equal(booted(), first);
    assert.deepEqual(cell.running(RT)?.pcpus, [3, 4]);
    assert.equal(lab().read("cell", `${IMAGES}/promoted`).split("\n")[0], first);
    await stack.ok("preview", "--expect-no-changes");
  });

  it("an upgrade takes its kernel away, another brings a record of its own: it boots all the same", async () => {
    upgradeKernel(lab().path("cell", "."));
    upgradePackage(lab().path("cell", "."));
    assert.deepEqual(boots(lab().path("cell", ".")), []);
    await cell.reboot(RT);
    assert.equal(booted(), first);
    assert.match(cell.machine.state().booted?.kernel ?? "", /6\.1\.90/);
    await cell.happened(new RegExp(`^launch ${RT}$`), cell.machine.events.lastIndexOf("boot"));
    assert.deepEqual(cell.running(RT)?.pcpus, [3, 4]);
    await stack.ok("preview");
  });
});
