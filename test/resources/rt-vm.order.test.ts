import assert from "node:assert/strict";
import { type Host, refused } from "./rt-vm.rules-host";
import { OK, TEXTS } from "./rt-vm.rules-rows";

type Step = [codes: string[], mend: { host?: Partial<Host>; args?: Record<string, unknown> }];

/** A program that is wrong in every way; each step has what is told at once, and mends the first of it. */
const OWNED: { host: Host; args: Record<string, unknown>; steps: Step[] } = {
  host: { ...TEXTS, pcpus: [] },
  args: {
    memory: "1025M",
    bootArgs: "quiet",
    lapicPassthrough: false,
    script: { owned: "/var/lib/pulumi-acrn/x.sh" },
    passthrough: ["1f:00.0"],
    virtio: { block: ["/d"] },
    virtioPoll: 0,
    dmArgs: ["-m"],
  },
  steps: [
    [
      ["rtvm.partition", "rtvm.boot-args", "rtvm.lapic", "rtvm.arguments", "rtvm.script-place"],
      { host: { pcpus: [2, 3] }, args: { bootArgs: undefined } },
    ],
    [["rtvm.lapic", "rtvm.arguments", "rtvm.script-place"], { args: { lapicPassthrough: true } }],
    [["rtvm.arguments", "rtvm.script-place"], { args: { dmArgs: [] } }],
    [["rtvm.script-place"], { args: { script: undefined } }],
    // nothing more can be worked out without the APIC ids
    [["rtvm.apic"], { host: { board: {} } }],
    [["rtvm.passthrough", "rtvm.memory", "rtvm.polling"], { args: { passthrough: [] } }],
    [["rtvm.memory", "rtvm.polling"], { args: { memory: "1G" } }],
    [["rtvm.polling"], { args: { virtioPoll: 1_000_000 } }],
    [[], {}],
  ],
};

const HOME = "/root/acrn-work/rt.sh";
const EDITED: typeof OWNED = {
  host: { pcpus: [] },
  args: {
    script: { edited: "/usr/share/acrn/conf/add/RT.sh" },
    virtio: { block: ["/d"] },
    memory: "64M",
    dmArgs: ["-k"],
  },
  steps: [
    [["rtvm.partition", "rtvm.edited-devices", "rtvm.arguments", "rtvm.script-place"], { host: { pcpus: [2, 3] } }],
    [["rtvm.edited-devices", "rtvm.arguments", "rtvm.script-place"], { args: { virtio: undefined } }],
    [["rtvm.arguments", "rtvm.script-place"], { args: { dmArgs: [] } }],
    [["rtvm.script-place"], { args: { script: { edited: HOME } } }],
    [["rtvm.no-script"], { host: { script: OK.replace("-m 1G", "-m $(free)") } }],
    [["launch.computed"], { host: { script: OK.replace("RT", "STD") } }],
    [["rtvm.memory", "rtvm.script-vm"], { args: { memory: "1G" } }],
    [["rtvm.script-vm"], { host: { script: OK } }],
    [[], {}],
  ],
};

describe("RtVm: which refusal comes first", () => {
  for (const [what, { host, args, steps }] of Object.entries({ owned: OWNED, edited: EDITED }))
    it(`${what}: mended one by one, each shows the next, and the end is accepted`, () => {
      let [on, said] = [host, args];
      for (const [codes, mend] of steps) {
        const found = refused(on, said);
        assert.deepEqual(
          found.map(({ code }) => code),
          codes,
          JSON.stringify(found, null, 1),
        );
        for (const { property, hint } of found)
          assert.ok(property !== undefined && hint !== "", "where, and what to do");
        on = { ...on, ...mend.host };
        said = { ...said, ...mend.args };
      }
    });
});
