import assert from "node:assert/strict";
import type { Tree } from "../../examples/lab/tree";
import { LEDGER, withLab } from "../support/engine-lab";
import { RtCell } from "../support/engine-rt";
import { changesOf, EngineStack, previewOf } from "../support/engine-stack";

const RULES = "etc/udev/rules.d/99-pulumi-acrn-gpu.rules";
const CARD = "sys/bus/pci/devices/0000:00:02.0/drm/card0";
const WIN = "/root/acrn-work/win.sh";

/** Not the driver's own: somebody had set them. */
const BEFORE = { min: 350, max: 1200, boost: 1250 };

const program = (args = 'max: "lowest"') => `
const { GpuFrequency } = require("pulumi-acrn");
const host = new AcrnHost("cell", { connection: at.cell });
const gpu = new GpuFrequency("gpu", { host, ${args} });
exports.mhz = gpu.mhz;`;

describe("engine: the GPU's frequency", function () {
  const lab = withLab(this, [
    { name: "cell", init: "systemd", bootMs: 50, shutdownMs: 20, gpu: { lowest: 300, highest: 1300, now: BEFORE } },
  ]);
  let stack: EngineStack;
  let cell: RtCell;
  let untouched: Tree;

  before(async () => {
    stack = await EngineStack.create(lab(), "gpu");
    cell = new RtCell(lab(), "cell");
    untouched = lab().tree("cell");
  });

  const up = async (args?: string, ...words: string[]) => {
    stack.program(program(args));
    return (await stack.ok("up", ...words)).text;
  };
  const running = () =>
    ["max", "boost", "min"].map((name) => Number(lab().read("cell", `${CARD}/gt_${name}_freq_mhz`)));
  const pending = () => JSON.stringify(stack.resource("gpu").outputs.pending);

  it("what the hardware cannot is an error of its property, and nothing is set", async () => {
    stack.program(program("max: 333"));
    const { text } = await stack.fails("up");
    assert.match(text, /max[\s\S]*333 MHz is no multiple of 50[\s\S]*300 or 350/);
    assert.deepEqual(running(), [1200, 1250, 350]);
    assert.ok(!lab().has("cell", RULES));
  });

  it("a preview shows each limit, and sets none", async () => {
    stack.program(program());
    const preview = previewOf(await stack.ok("preview", "--json"));
    const plan = preview.steps.find(({ urn }) => urn.endsWith("::gpu"))?.newState?.inputs?.plan;
    assert.match(String(plan), /gpu\[0000:00:02\.0\] max: 1200 MHz => 300 MHz/);
    assert.deepEqual(running(), [1200, 1250, 350]);
  });

  it("created: set at once, and for each boot", async () => {
    await up();
    assert.deepEqual(running(), [300, 300, 300]);
    assert.match(lab().read("cell", RULES), /ATTR\{gt_max_freq_mhz\}="300"/);
    assert.match(pending(), /"state":"active"/);
    assert.doesNotMatch(pending(), /"state":"(pending|unknown)"/);
    await stack.ok("preview", "--expect-no-changes");
    assert.deepEqual(cell.interrupted, []);
  });

  it("a boot keeps it: i915 starts with its own, and udev sets ours", async () => {
    await up("max: 600, min: 600");
    await cell.reboot();
    assert.deepEqual(running(), [600, 600, 600]);
    await stack.ok("preview", "--expect-no-changes");
  });

  it("drift of what runs is seen and mended", async () => {
    cell.write(`${CARD}/gt_max_freq_mhz`, "900\n");
    const refreshed = previewOf(await stack.ok("preview", "--refresh", "--json"));
    assert.deepEqual(changesOf(refreshed), ["gpu: update"]);
    await stack.ok("refresh");
    assert.equal(stack.resource("gpu").inputs.max, 900);
    assert.match(pending(), /"state":"pending"/);
    await up("max: 600, min: 600");
    assert.deepEqual(running(), [600, 600, 600]);
  });

  it("passed through to a VM it is refused, and stays as it is", async () => {
    cell.write(WIN.slice(1), "#!/bin/sh\nacrn-dm -m 1024M -s 2,passthru,0/2/0 WIN\n");
    stack.program(program());
    const { text } = await stack.fails("up");
    assert.match(text, /passed through to WIN \(\/root\/acrn-work\/win\.sh\)/);
    assert.deepEqual(running(), [600, 600, 600]);
    await cell.on(`rm -r $PULUMI_ACRN_ROOT/root/acrn-work`);
  });

  it("destroy gives back the rules, and the limits from before the first up, a boot later", async () => {
    await stack.ok("destroy");
    assert.deepEqual(running(), [1200, 1250, 350]);
    assert.ok(!lab().has("cell", LEDGER));
    assert.deepEqual(cell.left(untouched), []);
  });
});
