import assert from "node:assert/strict";
import { planResource, planWithdrawal } from "../../provider/converge/plan-resource";
import { isEmpty } from "../../provider/core/plan/types";
import { kindOf } from "../../provider/resources/kinds";
import { rtVmKind } from "../../provider/resources/rt-vm";
import { identity, MemoryHost } from "../support/memory-host";

const SOURCE = "/var/lib/pulumi-acrn/scenario.xml";
const HOME = "/root/acrn-work/launch.sh";
const who = { stack: "s", kind: "RtVm", urns: ["urn:rt"] };

function built(): MemoryHost {
  const vms = [
    { kind: "service" as const, cpus: [0] },
    { kind: "post-rt" as const, name: "RT", cpus: [2, 3] },
    { kind: "post" as const, name: "STD", cpus: [1] },
  ];
  const scenario = { name: "s", board: "b", vms };
  const memory = new MemoryHost({
    ...identity("rename"),
    board: { name: "b", pCores: 4 },
    scenario,
    acrnVersion: "3.3",
  });
  memory.put(HOME, "#!/bin/bash\nacrn-dm -m 1G --cpu_affinity 4,6 --rtvm --lapic_pt RT\n");
  return memory;
}

function planOf(memory: MemoryHost, words: Record<string, unknown> & { name: string }) {
  const args = rtVmKind.schema.parse({ partition: { pcpus: { [words.name]: [2, 3] } }, ...words });
  const planned = planResource(memory.draft(), rtVmKind, who, args, "id1");
  assert.deepEqual(planned.refusals, []);
  return planned;
}

/** Nothing is ever replaced on one machine: what a program says otherwise is an update, which gives back what it says no more. */
describe("RtVm: one resource, told otherwise", () => {
  const SCRIPT = "/root/rt.sh";
  const EDITED = { script: { edited: HOME } };
  type Words = Record<string, unknown> & { name: string };
  const ROWS: [what: string, first: Words, then: Words, gone: RegExp][] = [
    ["another new VM", { name: "NEW", autostart: true }, { name: "OTHER", autostart: true }, /NEW/],
    ["a new one, then one that is there", { name: "NEW", memory: "2G" }, { name: "RT", memory: "2G" }, /NEW/],
    ["one that is there, then a new one", { name: "RT", memory: "2G" }, { name: "NEW" }, /launch\/RT\.sh/],
    ["another VM that is there", { name: "RT", autostart: true }, { name: "STD" }, /add\/RT|launch\/RT/],
    ["its script elsewhere", { name: "RT", script: { owned: SCRIPT } }, { name: "RT" }, /^\/root/],
    [
      "its script from owned to edited",
      { name: "RT", script: { owned: SCRIPT } },
      { name: "RT", ...EDITED },
      /^\/root/,
    ],
    [
      "and from edited to owned, there",
      { name: "RT", ...EDITED },
      { name: "RT", script: { owned: HOME } },
      /launch\/RT/,
    ],
    ["autostart no more declared", { name: "RT", autostart: true }, { name: "RT" }, /conf\/add/],
  ];
  for (const [what, first, then, gone] of ROWS)
    it(`${what}: what was there before it comes back, and the end is as if that alone had been said`, () => {
      const [memory, fresh] = [built(), built()];
      const before = memory.image();
      memory.apply(planOf(memory, first));
      memory.apply(planOf(memory, then));
      fresh.apply(planOf(fresh, then));
      const files = ({ files: all }: MemoryHost) => [...all].filter(([path]) => !path.endsWith("ledger.json")).sort();
      assert.deepEqual(files(memory), files(fresh));
      assert.deepEqual(
        [...memory.files.keys()].filter((path) => gone.test(path) && !before.includes(path)),
        [],
      );
      if (String(first.name) !== then.name && first.name === "NEW")
        assert.doesNotMatch(memory.files.get(SOURCE) ?? "", /<name>NEW</);
      assert.ok(isEmpty(planOf(memory, then).plan));
      memory.apply(planWithdrawal(memory.draft(), Object.values(memory.draft().ledger.owners), kindOf));
      assert.deepEqual(memory.changedSince(before), []);
    });
});
