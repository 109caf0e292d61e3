import assert from "node:assert/strict";
import type { LaunchScript } from "../../../../provider/core/acrn/types";
import { type Case, plan, QUAD, SMT } from "./support";

const SVM = "SVM service";
const script = (vm: string | undefined, cpus: number[] | undefined, line: number | undefined = 7): LaunchScript => ({
  path: "/root/l.sh",
  ...(vm === undefined ? {} : { vm }),
  ...(cpus === undefined ? {} : { cpus }),
  ...(line === undefined ? {} : { line }),
});

describe("partition rules: launch scripts", () => {
  const rows: (Case & { name: string; refused?: [string, RegExp]; warns?: RegExp })[] = [
    { name: "fits (APIC ids)", vms: [SVM, "RT1 rt 2,3"], scripts: [script("RT1", [4, 6])], wanted: { RT1: [2, 3] } },
    { name: "asks for fewer", vms: [SVM, "RT1 rt 2,3"], scripts: [script("RT1", [6])], wanted: { RT1: [2, 3] } },
    {
      name: "would no longer fit",
      vms: [SVM, "RT1 rt 2,3"],
      scripts: [script("RT1", [4, 6])],
      wanted: { RT1: [1, 2] },
      warns:
        /\/root\/l\.sh:7 starts RT1 on APIC ids 4,6; with pCPUs 1-2.*An RtVm.*Put 2 4 there \(APIC ids\).*pCPUs 2-3/,
    },
    {
      name: "would no longer fit (2.x: pCPU ids)",
      dialect: "2.x",
      vms: ["SVM service 0", "RT1 rt 2,3"],
      scripts: [script("RT1", [2, 3])],
      wanted: { RT1: [1, 2] },
      warns: /on pCPU ids 2,3.*Put 1,2 there \(pCPU ids\)/,
    },
    {
      name: "an APIC id that the board lacks",
      vms: [SVM, "RT1 rt 2,3"],
      scripts: [script("RT1", [4, 99])],
      wanted: { RT1: [2, 3] },
      warns: /APIC ids 4,99.*Put 4 6 there/,
    },
    {
      name: "of an evicted neighbour",
      vms: [SVM, "A post 0,1", "RT1 rt 2"],
      scripts: [script("A", [0, 2])],
      wanted: { RT1: [1, 2] },
      neighbours: "evict",
      refused: ["RT1", /starts A on APIC ids 0,2; with pCPU 0.*Put 0 there/],
    },
    {
      name: "of an evicted neighbour, kept for an image of ours: it is launched there alone",
      vms: [SVM, "A post 0,1", "RT1 rt 2"],
      scripts: [{ ...script("A", [0, 2]), path: "/var/lib/pulumi-acrn/images/0123456789abcdef/A.sh" }],
      wanted: { RT1: [1, 2] },
      neighbours: "evict",
    },
    {
      name: "of an evicted neighbour, on what it keeps",
      vms: [SVM, "A post 0,1", "RT1 rt 2"],
      scripts: [script("A", [0])],
      wanted: { RT1: [1, 2] },
      neighbours: "evict",
    },
    {
      name: "of a VM that loses nothing",
      vms: [SVM, "A post 0,1", "RT1 rt 2"],
      scripts: [script("A", [6])],
      wanted: { RT1: [2] },
    },
    {
      name: "claimed: edited with the cores",
      vms: [SVM, "RT1 rt 2,3"],
      scripts: [script("RT1", [6])],
      managedScripts: new Set(["RT1"]),
      wanted: { RT1: [2] },
    },
    {
      name: "of a VM to come",
      vms: [SVM],
      scripts: [script("NEW", [6])],
      wanted: { NEW: [2] },
      warns: /starts NEW/,
    },
    {
      name: "without a CPU list",
      vms: [SVM, "RT1 rt 2,3"],
      scripts: [{ path: "/root/l.sh", vm: "RT1" }],
      wanted: { RT1: [1] },
    },
    {
      name: "not literal",
      vms: [SVM, "RT1 rt 2,3"],
      scripts: [script("RT1", undefined)],
      wanted: { RT1: [1] },
      warns: /\/root\/l\.sh:7 starts RT1 on a CPU list that cannot be read off/,
    },
    {
      name: "name not literal",
      vms: [SVM, "RT1 rt 2,3"],
      scripts: [script(undefined, [4])],
      wanted: { RT1: [1] },
      warns: /a VM whose name is not literal/,
    },
    {
      name: "not literal, of a VM that loses nothing",
      vms: [SVM, "A post 0", "RT1 rt 2,3"],
      scripts: [script("A", undefined)],
      wanted: { RT1: [2] },
    },
    {
      name: "of a VM outside scenario and map",
      vms: [SVM, "RT1 rt 2,3"],
      scripts: [script("ADHOC", [4])],
      wanted: { RT1: [2, 3] },
      warns: /ADHOC, which the scenario lacks, on pCPU 2/,
    },
    {
      name: "APIC ids unknown",
      board: { ...QUAD, structured: false },
      vms: [SVM, "RT1 rt 2,3"],
      scripts: [script("RT1", [6])],
      wanted: { RT1: [1] },
      warns: /cannot be read off/,
    },
  ];
  for (const { name, refused, warns, ...given } of rows)
    it(name, () => {
      const result = plan(given);
      assert.deepEqual(
        result.refusals.map(({ code, vm }) => [code, vm]),
        refused ? [["cores.script-misfit", refused[0]]] : [],
      );
      if (refused) assert.match(`${result.refusals[0]?.message} ${result.refusals[0]?.hint}`, refused[1]);
      const about = result.warnings.filter((each) => each.includes("/root/l.sh"));
      assert.equal(about.length, warns ? 1 : 0, about.join("\n"));
      if (warns) assert.match(about[0] ?? "", warns);
    });
});

describe("partition warnings", () => {
  const rows: (Case & { name: string; warns: RegExp[] })[] = [
    { name: "nothing to say", vms: [SVM, "RT1 rt 2,3"], wanted: { RT1: [2, 3] }, warns: [] },
    {
      name: "RDT, another number of vCPUs",
      rdt: true,
      vms: [SVM, "RT1 rt 2"],
      wanted: { RT1: [2, 3] },
      warns: [/T04.*RT1 gets 2 instead of 1 vCPUs.*POLICY/],
    },
    {
      name: "RDT, other pCPUs (3.x: other caches)",
      rdt: true,
      vms: [SVM, "RT1 rt 2,1"],
      wanted: { RT1: [2, 3] },
      warns: [/T04.*other pCPUs/],
    },
    {
      name: "RDT, and a CacheClos whose classes follow",
      rdt: true,
      managedClasses: true,
      vms: [SVM, "RT1 rt 3"],
      wanted: { RT1: [2, 3] },
      warns: [],
    },
    { name: "RDT, the same pCPUs", rdt: true, vms: [SVM, "RT1 rt 3,2"], wanted: { RT1: [2, 3] }, warns: [] },
    {
      name: "RDT, an evicted neighbour",
      rdt: true,
      vms: [SVM, "RT1 rt 2,3", "A post 0,3"],
      neighbours: "evict",
      wanted: { RT1: [2, 3] },
      warns: [/T04.*A gets 1 instead of 2/],
    },
    {
      name: "RDT (2.x): the number counts",
      rdt: true,
      dialect: "2.x",
      vms: ["SVM service 0", "RT1 rt 2,1"],
      wanted: { RT1: [2, 3] },
      warns: [],
    },
    {
      name: "RDT (2.x), another number",
      rdt: true,
      dialect: "2.x",
      vms: ["SVM service 0", "RT1 rt 2"],
      wanted: { RT1: [2, 3] },
      warns: [/vcpu_clos/],
    },
    {
      name: "housekeeping on a sibling",
      board: SMT,
      vms: [SVM, "RT1 rt 2,3"],
      wanted: { RT1: [2, 3] },
      warns: [/pCPU 2\) is an SMT sibling of pCPU 3/],
    },
    {
      name: "a standard VM keeps the Service VM's company",
      vms: [SVM, "A post 2,3"],
      wanted: { A: [2, 3] },
      warns: [/the Service VM goes on running on pCPUs 2-3/],
    },
    {
      name: "not under SCHED_NOOP",
      vms: [SVM, "A post 2,3"],
      features: { scheduler: "SCHED_NOOP" },
      wanted: { A: [2, 3] },
      warns: [],
    },
    { name: "not with own_pcpu", vms: [SVM, "A post 2,3 own"], wanted: { A: [2, 3] }, warns: [] },
    {
      name: "VUART_TIMER_PCPU",
      vms: [SVM, "RT1 rt 2,3"],
      features: { vuartTimerPcpu: 3 },
      wanted: { RT1: [2, 3] },
      warns: [/VUART_TIMER_PCPU is 3, a pCPU of RT1/],
    },
    {
      name: "VUART_TIMER_PCPU elsewhere",
      vms: [SVM, "RT1 rt 2,3"],
      features: { vuartTimerPcpu: 0 },
      wanted: { RT1: [2, 3] },
      warns: [],
    },
  ];
  for (const { name, warns, ...given } of rows)
    it(name, () => {
      const { warnings } = plan(given);
      assert.equal(warnings.length, warns.length, warnings.join("\n"));
      for (const [at, pattern] of warns.entries()) assert.match(warnings[at] ?? "", pattern);
    });
});
