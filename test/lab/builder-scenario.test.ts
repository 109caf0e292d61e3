import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { buildScenario, layOut, type ScenarioSpec, vmName } from "../../examples/lab/builder";
import { child, childrenNamed, descendantsNamed, find, parseXml, type XmlElement } from "../../provider/core/xml";
import { host } from "../support/arbitraries";
import { optional } from "../support/needs";

const FULL: Omit<ScenarioSpec, "dialect" | "version"> = {
  name: "hybrid_rt",
  board: "b",
  vms: [
    { kind: "pre", cpus: [1], pci: ["01:00.0 Ethernet controller: R&D <NIC>"] },
    { kind: "service", cpus: [0] },
    { kind: "post-rt", cpus: [3, 2], ownPcpu: true, clos: [1, 1] },
    { kind: "post", cpus: [0], name: "HMI" },
  ],
  rdt: {
    enabled: true,
    masks: ["0xf0", "0xf"],
    mbaDelays: [0, 10],
    allocations: [{ level: 2, id: "0x1", policies: [{ vm: "POST_RT_VM1", vcpu: 0, mask: "0xf" }] }],
  },
};

function vmsOf(text: string): XmlElement[] {
  return childrenNamed(parseXml(text, "s.xml").root, "vm");
}

describe("the builder's scenarios", () => {
  const values: [version: NonNullable<ScenarioSpec["version"]>, path: string, expected: string | undefined][] = [
    ["3.3", "vm[@id='2']/load_order", "POST_LAUNCHED_VM"],
    ["3.3", "vm[@id='2']/vm_type", "RTVM"],
    ["3.3", "vm[@id='2']/name", "POST_RT_VM1"],
    ["3.3", "vm[@id='2']/own_pcpu", "y"],
    ["3.3", "vm[@id='2']/lapic_passthrough", "y"],
    ["3.3", "vm[@id='2']/cpu_affinity/pcpu[1]/pcpu_id", "3"],
    ["3.3", "vm[@id='2']/cpu_affinity/pcpu[2]/pcpu_id", "2"],
    ["3.3", "vm[@id='1']/cpu_affinity", undefined],
    ["3.3", "vm[@id='2']/os_config", undefined],
    ["3.3", "vm[@id='0']/pci_devs/pci_dev", "01:00.0 Ethernet controller: R&D <NIC>"],
    ["3.3", "hv/FEATURES/MCE_ON_PSC_ENABLED", "y"],
    ["3.3", "hv/CACHE_REGION/CACHE_ALLOCATION/POLICY/CLOS_MASK", "0xf"],
    ["3.0", "vm[@id='2']/own_pcpu", undefined],
    ["3.0", "hv/FEATURES/MCE_ON_PSC_DISABLED", "n"],
    ["3.0", "hv/FEATURES/MCE_ON_PSC_ENABLED", undefined],
    ["2.5", "vm[@id='1']/vm_type", "SOS_VM"],
    ["2.5", "vm[@id='1']/cpu_affinity/pcpu_id", "0"],
    ["2.5", "vm[@id='2']/vm_type", "POST_RT_VM"],
    ["2.5", "vm[@id='2']/name", undefined],
    ["2.5", "vm[@id='3']/name", "HMI"],
    ["2.5", "vm[@id='2']/guest_flags/guest_flag[2]", "GUEST_FLAG_RT"],
    ["2.5", "vm[@id='3']/guest_flags/guest_flag", "0"],
    ["2.5", "vm[@id='2']/cpu_affinity/pcpu_id[1]", "3"],
    ["2.5", "vm[@id='2']/clos/vcpu_clos[2]", "1"],
    ["2.5", "hv/FEATURES/RDT/CLOS_MASK[2]", "0xf"],
    ["2.5", "hv/FEATURES/RDT/MBA_DELAY[2]", "10"],
    ["2.5", "hv/FEATURES/RDT/VCAT_ENABLED", undefined],
    ["2.7", "hv/FEATURES/RDT/VCAT_ENABLED", "n"],
    ["2.7", "vm[@id='1']/vm_type", "SERVICE_VM"],
    ["2.7", "vm[@id='2']/name", "POST_RT_VM1"],
  ];
  for (const [version, path, expected] of values)
    it(`v${version} ${path} = ${expected ?? "absent"}`, () => {
      const text = buildScenario({ ...FULL, version, dialect: version.startsWith("2") ? "2.x" : "3.x" });
      assert.equal(find(parseXml(text, "s.xml").root, path)?.value, expected);
    });

  it("a version of the other dialect is a slip in the spec", () => {
    assert.throws(() => buildScenario({ ...FULL, dialect: "2.x", version: "3.3" }), /not of dialect 2.x/);
    assert.throws(() => buildScenario({ ...FULL, version: "2.5" }), /not of dialect 3.x/);
  });

  it("layout: indent, line ends, BOM and comments as asked, the same content", () => {
    const plain = buildScenario(FULL as ScenarioSpec);
    const odd = buildScenario({ ...FULL, eol: "\r\n", bom: true, indent: "\t", comments: true });
    assert.ok(odd.startsWith('\uFEFF<?xml version="1.0" encoding="utf-8"?>\r\n<acrn-config>\r\n\t<!-- '));
    assert.equal(odd.replaceAll("\r\n", "").includes("\n"), false);
    const stripped = odd.replace(/^.*\?>\r\n/, "").replace(/\t*<!-- .*? -->\r\n/g, "");
    assert.equal(stripped.replaceAll("\r\n", "\n").replaceAll("\t", "  "), plain);
  });
});

/** What the reference says that 3.x knows and the shipped files happen not to use. */
const BEYOND_3X =
  /^(vm\/own_pcpu|FEATURES\/(SERVICE_VM_SUPERVISOR_ENABLED|VUART_TIMER_PCPU|CPU_PERFORMANCE_POLICY)|hv\/CACHE_REGION|CACHE_REGION\/.*|CACHE_ALLOCATION\/.*|POLICY\/.*|network\/virtio_framework)$/;
const BEYOND_2X = /^RDT\/MBA_DELAY$/;

describe("the builder's scenarios against ACRN's", () => {
  for (const [dialect, folder, beyond] of [
    ["3.x", "v3.4-dev", BEYOND_3X],
    ["2.x", "v2.5", BEYOND_2X],
  ] as const)
    it(`${dialect}: no element that real files do not have there`, function () {
      const root = `../shared/acrn-data/${folder}`;
      optional(this, existsSync(root), "no ../shared/acrn-data");
      const real = new Set(
        readdirSync(root, { recursive: true, encoding: "utf8" })
          .filter((name) => name.endsWith(".xml"))
          .flatMap((name) => pairs(readFileSync(`${root}/${name}`, "utf8"))),
      );
      const built = pairs(buildScenario({ ...FULL, dialect }));
      assert.deepEqual(
        built.filter((pair) => !real.has(pair) && !beyond.test(pair)),
        [],
      );
    });
});

function pairs(text: string): string[] {
  const { root } = parseXml(text, "s.xml");
  const all = (element: XmlElement): string[] =>
    element.children.flatMap((inner) => [`${element.name}/${inner.name}`, ...all(inner)]);
  return [...new Set(all(root))];
}

/** Section 5 of the reference, told once more over the text: the arbitraries must keep what ACRN's validator demands. */
describe("arbitrary scenarios are valid for their board", () => {
  const rules: [
    rule: string,
    holds: (text: string, spec: ScenarioSpec, board: ReturnType<typeof layOut>) => boolean,
  ][] = [
    [
      "every pCPU is the board's",
      (_, { vms }, { threads }) => vms.every((vm) => vm.cpus.every((id) => threads.some(({ cpu }) => cpu === id))),
    ],
    ["no pCPU twice in a VM", (_, { vms }) => vms.every((vm) => new Set(vm.cpus).size === vm.cpus.length)],
    ["every VM has a pCPU, the Service VM too", (_, { vms }) => vms.every((vm) => vm.cpus.length > 0)],
    ["no RTVM on pCPU 0", (_, { vms }) => vms.every((vm) => !vm.kind.endsWith("rt") || !vm.cpus.includes(0))],
    [
      "an RTVM's pCPUs are in no other VM",
      (_, { vms }) =>
        vms.every(
          (vm) =>
            !vm.kind.endsWith("rt") ||
            vms.every((other) => other === vm || !other.cpus.some((id) => vm.cpus.includes(id))),
        ),
    ],
    [
      "one core type a VM, the Service VM apart",
      (_, { vms }, { threads }) =>
        vms.every(
          (vm) =>
            vm.kind === "service" ||
            new Set(vm.cpus.map((id) => threads.find(({ cpu }) => cpu === id)?.type)).size === 1,
        ),
    ],
    [
      "one Service VM, pre-launched before, post-launched after",
      (_, { vms }) => /^(pre(-rt)? )*service (post(-rt)? )*$/.test(`${vms.map((vm) => vm.kind).join(" ")} `),
    ],
    [
      "RTVMs launched before or after, one before at most",
      (_, { vms }) => {
        const pre = vms.filter((vm) => vm.kind === "pre-rt").length;
        return pre === 0 || (pre === 1 && vms.every((vm) => vm.kind !== "post-rt"));
      },
    ],
    [
      "each device once",
      (_, { vms }) => {
        const all = vms.flatMap((vm) => vm.pci ?? []);
        return new Set(all).size === all.length;
      },
    ],
    [
      "names unique and fit",
      (_, spec) => {
        const names = spec.vms.flatMap((_vm, id) => vmName(spec, id) ?? []);
        return new Set(names).size === names.length && names.every((name) => /^[A-Za-z0-9_-]{1,15}$/.test(name));
      },
    ],
    [
      "the text has the VMs of the spec, by ascending id",
      (text, { vms }) =>
        vmsOf(text)
          .map((vm) => vm.attributes.get("id"))
          .join() === vms.map((_vm, id) => id).join(),
    ],
    [
      "the text has the pCPUs of the spec",
      (text, { vms, dialect }) =>
        vmsOf(text).every(
          (vm, id) => affinity(vm) === (dialect === "3.x" && vms[id]?.kind === "service" ? "" : vms[id]?.cpus.join()),
        ),
    ],
  ];
  for (const [rule, holds] of rules)
    it(rule, () => {
      fc.assert(fc.property(host(), ({ board, scenario }) => holds(buildScenario(scenario), scenario, layOut(board))));
    });

  it("the arbitraries reach what matters", () => {
    const samples = fc.sample(host(), { numRuns: 300, seed: 7 });
    const count = (test: (sample: (typeof samples)[number]) => boolean) => samples.filter(test).length;
    const kinds = (kind: string) => count(({ scenario }) => scenario.vms.some((vm) => vm.kind === kind));
    for (const kind of ["pre", "pre-rt", "post", "post-rt"]) assert.ok(kinds(kind) > 20, kind);
    assert.ok(count(({ board }) => layOut(board).hybrid) > 20);
    assert.ok(count(({ board }) => board.cores?.some((core) => core.threads === 2) ?? false) > 20);
    assert.ok(count(({ scenario }) => scenario.vms.some((vm) => vm.ownPcpu)) > 5);
    assert.ok(count(({ scenario }) => scenario.vms.filter((vm) => vm.kind === "post-rt").length > 1) > 5);
    assert.ok(count(({ scenario }) => scenario.vms.some((vm) => (vm.pci?.length ?? 0) > 0)) > 5);
  });
});

function affinity(vm: XmlElement): string {
  const element = child(vm, "cpu_affinity");
  return (element ? descendantsNamed(element, "pcpu_id") : []).map((id) => id.value).join();
}
