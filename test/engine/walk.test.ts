import assert from "node:assert/strict";
import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { diffTrees, type Tree } from "../../examples/lab/tree";
import { findPulumi } from "../../tools/pulumi-cli";
import { ROOT } from "../support/engine-lab";
import { HOME, Walk } from "../support/engine-walk";
import { needs } from "../support/needs";

const RT = "POST_RT_VM1";
/** What a new package brings, and what a running machine is; all else has to be as it was in the end. */
const NOT_KEPT = /^\/?(run|proc|sys)(\/|$)|usr\/lib\/x86_64-linux-gnu\/acrn|^\/?boot\/|acrn-hypervisor\.md5sums/;

describe("the first-time user's way", function () {
  this.timeout(300_000);
  let walk: Walk;
  let untouched: Tree;

  before(async function () {
    needs(this, findPulumi(), "no Pulumi CLI");
    walk = await Walk.start();
    untouched = walk.tree();
    await walk.launchByHand();
  });
  after(() => walk?.close());

  it("init writes a program for what is there: the cores, the RTVM with its own script, an Activation that allows nothing", async () => {
    await walk.cli("init", walk.project);
    const program = readFileSync(join(walk.project, "index.ts"), "utf8");
    assert.match(program, /vms: \{ POST_RT_VM1: \[3\] \}/);
    assert.match(
      program,
      /^new RtVm\("POST_RT_VM1", .* script: \{ edited: "\/root\/acrn-work\/launch_user_vm_id1\.sh" \} \}\);$/m,
    );
    assert.match(program, /^new Activation\("activation", .*config\.getObject\("allow"\) \?\? \[\]/m);
    symlinkSync(join(ROOT, "node_modules"), join(walk.project, "node_modules")); // in place of npm install
    await walk.pulumi("stack", "init", "dev");
  });

  it("the first up takes over what is there, changes no word of the script, and interrupts nothing", async () => {
    const { pid } = walk.rt;
    const script = walk.read(HOME);
    await walk.pulumi("preview");
    await walk.up();
    await walk.pulumi("preview", "--expect-no-changes");
    assert.equal(walk.read(HOME), script);
    assert.equal(walk.rt.pid, pid);
  });

  it("more memory and a second core: written, and said to be not running; the core waits for its image", async () => {
    const { pid } = walk.rt;
    walk.edit("[3] } }", '[2, 3] }, neighbours: "evict" }');
    walk.edit("partition: cores, ", 'partition: cores, memory: "2G", ');
    walk.edit("guests: {}", `guests: { ${RT}: { ssh: "cell-1.${RT}" } }`);
    const previewed = await walk.pulumi("preview");
    assert.match(previewed.text, /waits for its image/);
    assert.match(
      previewed.text,
      /are written and not running: .*rtvm-power-cycle of POST_RT_VM1.*; allow: \["rtvm-power-cycle"\]/,
    );
    await walk.up();
    assert.match(walk.read(HOME), /-m 2048M/);
    assert.match(walk.read(HOME), /add_cpus 6`/, "the booted image takes no other CPU");
    assert.deepEqual(walk.rt, { pid, memory: "1024M", apicIds: "6" });
  });

  it("allowed for a run, the RTVM is powered off inside and started again: it has its memory", async () => {
    const { pid } = walk.rt;
    await walk.pulumi("config", "set", "--path", "acrn:allow[0]", "rtvm-power-cycle");
    const { text } = await walk.up();
    assert.match(text, /POST_RT_VM1 was power-cycled: acrn-dm \d+/);
    assert.notEqual(walk.rt.pid, pid);
    assert.deepEqual([walk.rt.memory, walk.rt.apicIds], ["2048M", "6"]);
    await walk.pulumi("preview", "--expect-no-changes");
  });

  it("with the image that has the cores, the next up writes the script for them, and the RTVM runs on them alone", async () => {
    await walk.install();
    await walk.rebootByHand();
    await walk.launchByHand();
    assert.deepEqual([walk.rt.memory, walk.rt.apicIds], ["2048M", "6"]);
    await walk.up();
    assert.match(walk.read(HOME), /add_cpus 4 6`/);
    assert.equal(walk.rt.apicIds, "4,6");
    await walk.pulumi("preview", "--expect-no-changes");
    assert.match(await walk.cli("inspect"), /^ {2}POST_RT_VM1 +1 +post-launched +real-time +2-3 +2-3$/m);
    assert.match(await walk.cli("activate"), /^Nothing waits/m);
  });

  it("and back: destroy gives every byte back and interrupts nothing", async () => {
    const { pid } = walk.rt;
    await walk.pulumi("destroy", "--yes", "--skip-preview");
    const changed = diffTrees(untouched, walk.tree(), { times: false }).filter((line) => !NOT_KEPT.test(line));
    assert.deepEqual(changed, []);
    assert.equal(walk.rt.pid, pid);
  });
});
