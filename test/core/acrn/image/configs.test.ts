import assert from "node:assert/strict";
import {
  configDifferences,
  type MeantConfigs,
  readBuiltConfigs,
  untold,
} from "../../../../provider/core/acrn/image/configs";

/** Written as static_allocators/clos.py and xforms/misc_cfg.h.xsl write them. */
const ALLOCATION = `<acrn-config>
  <vm id="0"><load_order>SERVICE_VM</load_order><clos><vcpu_clos>0</vcpu_clos><vcpu_clos>0</vcpu_clos></clos></vm>
  <vm id="1"><clos><vcpu_clos>1</vcpu_clos><vcpu_clos>2</vcpu_clos></clos></vm>
  <hv>
    <clos_mask id="l3"><clos>0x00f</clos><clos>0xff0</clos><clos>0xfff</clos></clos_mask>
    <clos_mask id="0x2"><clos>0x3</clos><clos>0xC</clos><clos>0xf</clos></clos_mask>
  </hv>
</acrn-config>
`;
const MISC = `#ifndef MISC_CFG_H
#define SERVICE_VM_CONFIG_CPU_AFFINITY (AFFINITY_CPU(0U)|AFFINITY_CPU(1U))
#define VM1_CONFIG_CPU_AFFINITY        (AFFINITY_CPU(3U)|AFFINITY_CPU(2U))
#ifdef CONFIG_RDT_ENABLED
#define HV_SUPPORTED_MAX_CLOS          16U
#endif
`;
const OLD = `#define SOS_VM_CONFIG_CPU_AFFINITY     (AFFINITY_CPU(0U))
#define VM1_CONFIG_CPU_AFFINITY        (AFFINITY_CPU(2U)|AFFINITY_CPU(3U))
#define CLOS_MASK_0                    0xffU
#define CLOS_MASK_1                    0xf00U
#define VM0_VCPU_CLOS                  {0U}
#define VM1_VCPU_CLOS                  {1U,1U}
`;

const MEANT: MeantConfigs = {
  vms: [
    { id: 0, name: "ACRN_Service_VM", service: true, pcpus: [0, 1], clos: [0, 0] },
    { id: 1, name: "POST_RT_VM1", pcpus: [2, 3], clos: [1, 2] },
  ],
  masks: { l3: ["0xf", "0xFF0"], "0x2": ["0x3", "0xc"] },
};

describe("what a build generated", () => {
  const built = readBuiltConfigs({ allocation: ALLOCATION, misc: MISC });

  it("is as it was meant, whatever the spelling", () => assert.deepEqual(configDifferences(built, MEANT), []));

  const [service, rt] = MEANT.vms as [MeantConfigs["vms"][number], MeantConfigs["vms"][number]];
  const cases: readonly (readonly [string, MeantConfigs, readonly string[]])[] = [
    ["another core", { vms: [{ ...rt, pcpus: [3, 4] }] }, ["POST_RT_VM1 (VM 1): pCPUs meant 3, 4, built 2, 3"]],
    [
      "another class",
      { vms: [{ ...rt, clos: [2, 1] }] },
      ["POST_RT_VM1 (VM 1): CLOS of its vCPUs meant 2, 1, built 1, 2"],
    ],
    [
      "no class at all",
      { vms: [{ ...rt, id: 5, pcpus: [] }] },
      ["POST_RT_VM1 (VM 5): CLOS of its vCPUs meant 1, 2, built none"],
    ],
    [
      "no core at all",
      { vms: [{ ...service, service: false, id: 7, clos: [] }] },
      ["ACRN_Service_VM (VM 7): pCPUs meant 0, 1, built none"],
    ],
    ["another mask", { vms: [], masks: { l3: ["0xf", "0x7f0"] } }, ["cache l3, CLOS 1: meant 0x7f0, built 0xff0"]],
    [
      "a mask too many",
      { vms: [], masks: { "0x2": ["0x3", "0xc", "0xf", "0x1"] } },
      ["cache 0x2: meant 4 masks, and the build has 3"],
    ],
    [
      "a cache that the build does not know",
      { vms: [], masks: { "0x9": ["0x3"] } },
      ["cache 0x9: meant 1 masks, and the build has none"],
    ],
    ["nothing meant", { vms: [{ id: 1, name: "x" }] }, []],
  ];
  for (const [what, meant, said] of cases)
    it(`differs by ${what}`, () => assert.deepEqual(configDifferences(built, meant), said));

  it("of 2.x stands in misc_cfg.h alone", () => {
    const old = readBuiltConfigs({ misc: OLD });
    const meant: MeantConfigs = {
      vms: [
        { id: 0, name: "S", service: true, pcpus: [0], clos: [0] },
        { id: 1, name: "R", pcpus: [2, 3], clos: [1, 1] },
      ],
      masks: { all: ["0xff", "0xf00"] },
    };
    assert.deepEqual(configDifferences(old, meant), []);
    assert.deepEqual(configDifferences(old, { ...meant, masks: { all: ["0xff", "0xff"] } }), [
      "cache all, CLOS 1: meant 0xff, built 0xf00",
    ]);
  });

  it("that is not there says nothing of cores and classes", () => {
    assert.deepEqual(configDifferences(readBuiltConfigs({}), { vms: MEANT.vms }), []);
    assert.throws(() => readBuiltConfigs({ allocation: "<a>" }), { code: "xml.syntax" });
  });
});

describe("what a build leaves untold", () => {
  const [pcpus, classes] = [/^which pCPUs VMs have/, /^which classes of the cache/];
  const plain = { vms: MEANT.vms.map(({ clos: _none, ...vm }) => vm) };
  const cases: readonly (readonly [string, Parameters<typeof readBuiltConfigs>[0], MeantConfigs, readonly RegExp[]])[] =
    [
      ["all is there", { allocation: ALLOCATION, misc: MISC }, MEANT, []],
      ["2.x has it all in one", { misc: OLD }, MEANT, []],
      ["nothing at all", {}, MEANT, [pcpus, classes]],
      ["files that say nothing", { allocation: "<acrn-config/>", misc: "#define X 1\n" }, MEANT, [pcpus, classes]],
      ["no cores", { allocation: ALLOCATION }, MEANT, [pcpus]],
      ["no classes", { misc: MISC }, MEANT, [classes]],
      ["no classes, and none were meant", { misc: MISC }, plain, []],
      ["nothing was meant", {}, { vms: [] }, []],
    ];
  for (const [what, files, meant, expected] of cases)
    it(what, () => {
      const said = untold(readBuiltConfigs(files), meant);
      assert.equal(said.length, expected.length, said.join());
      for (const [at, words] of expected.entries()) assert.match(said[at] ?? "", words);
    });
});
