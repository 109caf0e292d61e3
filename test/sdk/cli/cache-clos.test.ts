import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cli, declaration, folderHost } from "./support";

const RECORD = "usr/share/acrn/scenario.xml";
const SOURCE = "var/lib/pulumi-acrn/scenario.xml";
const RT = "POST_RT_VM1";

const stack = (classes: object) => ({
  name: "cell-7",
  resources: [
    { type: "CacheClos", name: "clos", args: { partition: { ref: "cores" }, classes } },
    { type: "CorePartition", name: "cores", args: { vms: { [RT]: [3] } } },
  ],
});

describe("sdk/cli and cache classes", () => {
  it("plan says which ways and why, apply writes them, release gives every byte back", async () => {
    const root = folderHost();
    const file = declaration(stack({ rt: { vms: { [RT]: "all" }, l3: "3M" } }));
    const planned = await cli(["plan", root, file]);
    assert.equal(planned.status, 2, planned.err);
    assert.match(planned.out, /^clos \(CacheClos\)\n {2}rt: ways 9-11 of L3 0x0 \(0xe00, 3M\): 3 of 12 ways \(3M\)$/m);
    const applied = await cli(["apply", root, file, "--yes"]);
    assert.equal(applied.status, 0, applied.err);
    assert.match(readFileSync(join(root, SOURCE), "utf8"), /<CLOS_MASK>0xe00<\/CLOS_MASK>/);
    assert.equal((await cli(["plan", root, file])).status, 0);
    assert.doesNotMatch((await cli(["inspect", root])).err, /clos\.|no POLICY/);
    assert.equal((await cli(["release", root, "--all", "--yes"])).status, 0);
  });

  it("what is wrong with a declaration is told with its place", async () => {
    const { status, err } = await cli([
      "plan",
      folderHost(),
      declaration(stack({ rt: { vms: { [RT]: "all" }, l3: "half" } })),
    ]);
    assert.equal(status, 1);
    assert.match(err, /classes\.rt\.l3: give a mask \("0xff0"\), a number of ways \(4\) or bytes/);
  });

  it("inspect tells the faults of a host that nobody manages, with their line", async () => {
    const root = folderHost();
    const text = readFileSync(join(root, RECORD), "utf8");
    const on = text.replace("<RDT_ENABLED>n<", "<RDT_ENABLED>y<");
    assert.notEqual(on, text);
    writeFileSync(join(root, RECORD), on);
    const scripts = join(root, "root/acrn-work");
    mkdirSync(scripts, { recursive: true });
    writeFileSync(join(scripts, "gone.sh"), "#!/bin/bash\nacrn-dm -m 512M -s 0:0,hostbridge GONE\n");
    const { status, err } = await cli(["inspect", root]);
    assert.equal(status, 0);
    assert.match(err, /T04: \/root\/acrn-work\/gone\.sh launches "GONE", which the scenario lacks: with RDT on/);
    assert.match(
      err,
      /T04: \S+scenario\.xml:\d+: POST_RT_VM1 has no POLICY while RDT is on: the hypervisor divides by zero/,
    );
  });
});
