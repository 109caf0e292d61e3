import assert from "node:assert/strict";
import { draftOf } from "../../provider/converge/draft";
import { planResource } from "../../provider/converge/plan-resource";
import { gpuFrequencyKind } from "../../provider/resources/gpu-frequency";
import type { MemoryHost } from "../support/memory-host";
import { cell, plan, unbind, who } from "./gpu-frequency.support";

describe("GpuFrequency: what is refused", () => {
  const two = (memory: MemoryHost) => {
    for (const [path, text] of [...memory.files])
      if (path.includes("/0000:00:02.0/")) memory.put(path.replace("/0000:00:02.0/", "/0000:03:00.0/"), text);
  };
  const script =
    (device: string, path = "/root/acrn-work/win.sh") =>
    (memory: MemoryHost) =>
      memory.put(path, `#!/bin/sh\nacrn-dm -m 1024M ${device} WIN\n`);
  const [HAS, ID, OTHER] = ["-s 2,passthru,0/2/0", "0123456789abcdef", "fedcba9876543210"];
  const kept = (folder: string) => script(HAS, `/var/lib/pulumi-acrn/images/${folder}/WIN.sh`);
  const promoted = (memory: MemoryHost) => {
    kept(ID)(memory);
    memory.put("/var/lib/pulumi-acrn/images/promoted", `${ID}\n`);
  };
  const rows: [
    what: string,
    change: (memory: MemoryHost) => void,
    args: Record<string, unknown>,
    said: RegExp | undefined,
  ][] = [
    ["more than it can", () => {}, { max: 1350 }, /gpu\.range/],
    ["a step that it has not", () => {}, { max: 333 }, /gpu\.step/],
    ["a minimum above the maximum", () => {}, { max: 350, min: 400 }, /gpu\.order/],
    ["no i915", unbind, { max: "lowest" }, /gpu\.none/],
    ["no such GPU", () => {}, { max: "lowest", card: "0000:03:00.0" }, /gpu\.none.*It has 0000:00:02\.0/],
    ["two GPUs", two, { max: "lowest" }, /gpu\.several.*0000:03:00\.0/],
    ["one of two", two, { max: "lowest", card: "0000:03:00.0" }, undefined],
    ["a launch script that has it", script("-s 2,passthru,0/2/0"), { max: "lowest" }, /gpu\.passed-through WIN/],
    ["acrnd's script", script(HAS, "/usr/share/acrn/conf/add/WIN.sh"), { max: "lowest" }, /gpu\.passed-through WIN/],
    [
      "the package's copy, which nobody runs",
      script(HAS, "/usr/share/acrn/launch-scripts/win.sh"),
      { max: 600 },
      undefined,
    ],
    ["one that is kept for another image", kept(OTHER), { max: "lowest" }, undefined],
    ["one of the image that boots next", promoted, { max: "lowest" }, /gpu\.passed-through WIN/],
    ["one that waits for an image", kept("next"), { max: "lowest" }, /gpu\.passed-through WIN/],
    ["a launch script with GVT-g", script("-s 2,pci-gvt"), { max: "lowest" }, undefined],
  ];
  for (const [what, change, args, said] of rows)
    it(`${what}${said ? "" : ": taken"}`, () => {
      const memory = cell();
      change(memory);
      const planned = plan(memory, args);
      const text = planned.refusals.map(({ code, message, hint }) => `${code} ${message} ${hint}`).join();
      if (!said) return assert.equal(text, "");
      assert.match(text.replace(/the GPU .* to WIN/, "WIN"), said);
      assert.deepEqual(planned.lines, []);
    });

  it("a VM of the scenario that has it", () => {
    const memory = cell({
      scenario: {
        name: "s",
        text: `<acrn-config board="b" scenario="s"><hv/>
<vm id="0"><vm_type>SERVICE_VM</vm_type><name>S</name><load_order>SERVICE_VM</load_order></vm>
<vm id="1"><vm_type>STANDARD_VM</vm_type><name>PRE</name><load_order>PRE_LAUNCHED_VM</load_order>
<pci_devs><pci_dev>00:02.0 VGA compatible controller: Intel</pci_dev></pci_devs></vm></acrn-config>`,
      },
    });
    assert.match(plan(memory, { max: "lowest" }).refusals[0]?.message ?? "", /passed through to PRE/);
  });

  it("a script that is kept for the booted image", () => {
    const memory = cell();
    kept(ID)(memory);
    const snapshot = memory.snapshot();
    const texts = new Map(snapshot.texts).set("proc/cmdline", `ro pulumi_acrn_image=${ID}`);
    const draft = draftOf({ ...snapshot, texts }, memory.settings);
    const planned = planResource(draft, gpuFrequencyKind, who, gpuFrequencyKind.schema.parse({ max: "lowest" }));
    assert.match(planned.refusals[0]?.message ?? "", /passed through to WIN/);
  });

  it("a VM that runs with it", () => {
    const memory = cell();
    const snapshot = memory.snapshot();
    const texts = new Map(snapshot.texts).set("acrn-dm", "41");
    texts.set("proc/41/cmdline", ["acrn-dm", "-s", "2,passthru,0/2/0", "WIN", ""].join("\0"));
    const draft = draftOf({ ...snapshot, texts }, memory.settings);
    const planned = planResource(draft, gpuFrequencyKind, who, gpuFrequencyKind.schema.parse({ max: "lowest" }));
    assert.match(planned.refusals[0]?.message ?? "", /WIN \(it runs\)/);
  });

  const schema: [Record<string, unknown>, ok: boolean][] = [
    [{ max: "lowest", card: "0000:00:02.0" }, true],
    [{}, false],
    [{ max: "highest" }, false],
    [{ max: 300.5 }, false],
    [{ max: 300, card: "card0" }, false],
    [{ max: 300, mimimum: 300 }, false],
  ];
  for (const [args, ok] of schema)
    it(`arguments ${JSON.stringify(args)}: ${ok ? "taken" : "refused"}`, () =>
      assert.equal(gpuFrequencyKind.schema.safeParse(args).success, ok));
});
