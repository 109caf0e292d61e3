import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { boots } from "../../examples/lab/boots";
import type { Tree } from "../../examples/lab/tree";
import { withLab } from "../support/engine-lab";
import { RtCell } from "../support/engine-rt";
import { changesOf, EngineStack, previewOf } from "../support/engine-stack";

const RT = "POST_RT_VM1";
const IMAGES = "var/lib/pulumi-acrn/images";
const HOME = "/root/acrn-work/launch_rt.sh";
const ALL = ["hypervisor-install", "host-reboot", "rtvm-power-cycle"];

const program = (allow: readonly string[], more = "") => `
const { HypervisorImage } = require("pulumi-acrn");
const host = new AcrnHost("cell", { connection: at.cell });
const cores = new CorePartition("cores", { host, vms: { ${RT}: [3, 4] } });
const rt = new RtVm("rt", { host, name: "${RT}", partition: cores, memory: "2G", script: { edited: "${HOME}" } });
const image = new HypervisorImage("image", { host,
  build: { command: 'lab-build "$BOARD_FILE" "$SCENARIO_FILE" "$OUT"' } });
${more}
new Activation("act", { host, allow: ${JSON.stringify(allow)},
  guests: { ${RT}: { ssh: guests.cell.${RT} } }, limits: { powerOff: 10, launch: 20, reboot: 30 } });
exports.image = image.image;
exports.version = host.facts.apply((facts) => facts.acrnVersion.value);`;

describe("engine: a hypervisor image", function () {
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
        { kind: "post", name: "POST_STD_VM1", cpus: [1, 2] },
      ],
      guests: { [RT]: { address: "192.168.1.10", powerOff: "at-once" } },
    },
  ]);
  let stack: EngineStack;
  let cell: RtCell;
  let untouched: Tree;

  before(async () => {
    stack = await EngineStack.create(lab(), "image");
    cell = new RtCell(lab(), "cell");
    cell.write(
      HOME.slice(1),
      lab().read("cell", "usr/share/acrn/launch-scripts/engine-board/shared/launch_user_vm_id1.sh"),
    );
    cell.write("root/acrn-work/vm1.img", "disk\n");
    untouched = lab().tree("cell");
    await cell.launch(HOME, RT);
  });

  it("what the scenario is made of comes before the image of it", async () => {
    stack.program(program([], 'new CorePartition("late", { host, vms: { NEW: [5] } });'));
    const { text } = await stack.fails("preview");
    assert.match(text, /late comes after image, .*make the HypervisorImage after it/s);
  });

  it("a preview knows the id and what an Activation will do, and writes nothing", async () => {
    stack.program(program(ALL));
    const preview = previewOf(await stack.ok("preview", "--json"));
    assert.deepEqual(changesOf(preview), [
      "act: create",
      "cell-facts: create",
      "cell: create",
      "cores: create",
      "engine-image: create",
      "image: create",
      "rt: create",
    ]);
    const inputs = (name: string) => preview.steps.find(({ urn }) => urn.endsWith(`::${name}`))?.newState?.inputs ?? {};
    const id = String(inputs("image").image);
    assert.match(id, /^[0-9a-f]{16}$/);
    const acts = (inputs("act").plan as string[]).map((line) => line.slice(0, line.indexOf(":")));
    assert.deepEqual(acts, [`hypervisor-install of ${id}`, "host-reboot"]);
    const changes = lab().changes("cell", untouched);
    assert.deepEqual(
      changes.filter((line) => /^(boot|etc|var)/.test(line)),
      [],
    );
  });

  it("up builds, installs, boots and promotes it; the RTVM runs on its new pCPUs; nothing is left to do", async () => {
    const { text } = await stack.ok("up");
    assert.match(text, /building image|LD acrn\.out|image [0-9a-f]{16} is the default/);
    const { image: id } = stack.resource("image").outputs;
    assert.equal(cell.machine.state().booted?.image, id);
    assert.equal(lab().read("cell", `${IMAGES}/promoted`), `${id}\n`);
    assert.deepEqual(cell.running(RT)?.pcpus, [3, 4]);
    assert.deepEqual(boots(lab().path("cell", ".")), []);
    await stack.ok("preview", "--expect-no-changes");
  });

  it("another wanted image is drift, and up brings ours back without a build or a boot", async () => {
    const { interrupted } = cell;
    cell.edit(`${IMAGES}/wanted`, /"id": ?"[0-9a-f]{16}"/, '"id":"0123456789abcdef"');
    const run = await stack.run(["refresh", "--preview-only", "--expect-no-changes"]);
    assert.notEqual(run.status, 0, run.text);
    await stack.ok("up", "--refresh");
    assert.match(lab().read("cell", `${IMAGES}/wanted`), new RegExp(String(stack.resource("image").outputs.image)));
    assert.deepEqual(cell.interrupted, interrupted);
    await stack.ok("preview", "--expect-no-changes");
  });

  it("an image that is gone from its folder is a change, and up builds it anew", async () => {
    const { image: id } = stack.resource("image").outputs;
    rmSync(lab().path("cell", `${IMAGES}/${id}`), { recursive: true });
    const preview = previewOf(await stack.ok("preview", "--json"));
    assert.deepEqual(changesOf(preview), ["image: update"]);
    await stack.ok("up");
    assert.ok(lab().has("cell", `${IMAGES}/${id}/image.json`));
    await stack.ok("preview", "--expect-no-changes");
  });

  it("destroy gives every byte back, and the packaged image boots next", async () => {
    await stack.ok("destroy");
    await cell.reboot(RT);
    assert.equal(cell.machine.state().booted?.image, undefined);
    assert.deepEqual(boots(lab().path("cell", ".")), []);
    assert.ok(!lab().has("cell", "boot/pulumi-acrn"));
    assert.deepEqual(cell.left(untouched), []);
  });
});
