import assert from "node:assert/strict";
import { PLACES } from "./rt-vm.place-rows";
import { EDITED, HOME, type Host, hostOf, NIC, refused } from "./rt-vm.rules-host";
import { type Args, edited, ROWS, said, TEXTS } from "./rt-vm.rules-rows";
import { planRt } from "./rt-vm.world";

describe("RtVm: what is refused, and the neighbour that is accepted", () => {
  for (const [what, no, yes, code, property, hint] of [...ROWS, ...PLACES])
    it(what, () => {
      const [found, ...more] = refused(...no);
      assert.deepEqual([found?.code, found?.property, more], [code, property, []]);
      assert.match(found?.hint ?? "", hint);
      assert.ok((found?.text ?? "").length > 5);
      assert.deepEqual(refused(...yes), []);
    });

  it("a reason of an edited script names file and line", () => {
    assert.match(
      refused(...edited("\n\nacrn-dm $MORE RT"))[0]?.text ?? "",
      /^\/root\/acrn-work\/rt\.sh:4:1: .*MORE is set nowhere/,
    );
  });

  it("3.x, --lapic_pt without --rtvm: mended, not refused", () => {
    const memory = hostOf({ script: "acrn-dm --lapic_pt RT" });
    memory.apply(planRt(memory, { rt: { name: "RT", ...EDITED } }, [2, 3]));
    assert.match(memory.files.get(HOME) ?? "", /--rtvm/);
  });
});

describe("RtVm: what is warned of", () => {
  const warned = (host: Host, args: Args): string =>
    planRt(hostOf(host), { rt: { name: "RT", ...args } as never }, [2, 3]).warnings.join("\n");
  const WARNINGS: [what: string, yes: [Host, Args], no: [Host, Args], warning: RegExp][] = [
    ["2M pages", said({ memory: "1536M" }), said({ memory: "2G" }), /2M pages instead of 1G/],
    [
      "memory of all VMs, PRE with 2048 MiB and STD with 1024",
      said({ memory: "6G" }),
      said({ memory: "4G" }),
      /9216 MiB together \(PRE 2048, RT 6144, STD 1024\)/,
    ],
    [
      "a board that tells devices by a text alone",
      said({ passthrough: [NIC] }, { ...TEXTS, dialect: "2.x" }),
      said({ passthrough: [NIC] }),
      /T03: RT: 01:00\.0.*not checked/,
    ],
    [
      "3.x: vhost without mac",
      said({ virtio: { network: [{ tap: "tap0", vhost: true }] } }),
      said({ virtio: { network: [{ tap: "tap0", vhost: true, mac: "00:16:3e:00:00:01" }, { tap: "tap1" }] } }),
      /RT: acrn-dm makes the MAC address of tap0 of its slot alone/,
    ],
    [
      "2.x: a loop over CPUs",
      edited("for i in /sys/devices/system/cpu/cpu[2-3]; do :; done\nacrn-dm RT", {}, { dialect: "2.x" }),
      edited("acrn-dm RT", {}, { dialect: "2.x" }),
      /T15: .*a loop of its own/,
    ],
  ];
  for (const [what, yes, no, warning] of WARNINGS)
    it(what, () => {
      assert.match(warned(...yes), warning);
      assert.doesNotMatch(warned(...no), warning);
    });

  it("a script of a VM that an image with RDT lacks: nothing of ours starts it there (reference 3, 8b)", () => {
    for (const rdt of [true, false]) {
      const memory = hostOf({ script: "acrn-dm -m 1G --cpu_affinity 4 --rtvm --lapic_pt NEW", rdt });
      const planned = planRt(memory, { rt: { name: "NEW", ...EDITED, autostart: true } }, [2]);
      assert.deepEqual(planned.refusals, []);
      assert.equal(/divides by zero/.test(planned.warnings.join()), rdt);
      memory.apply(planned);
      assert.equal(memory.files.has("/var/lib/pulumi-acrn/launch/NEW.sh"), !rdt);
      assert.ok(memory.files.has("/var/lib/pulumi-acrn/images/next/NEW.sh"), "it waits for the image that has it");
    }
  });
});
