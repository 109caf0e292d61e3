import { type BoardSpec, buildBoard, buildScenario, type RdtSpec } from "../../../examples/lab/builder";
import { readBoard } from "../../../provider/core/acrn/board";
import { closFaultsOf } from "../../../provider/core/acrn/clos/faults";
import { readClosSettings } from "../../../provider/core/acrn/clos/read";
import { decodeUtf8 } from "../../../provider/core/text/utf8";
import { mutated } from "../mutate";
import { once, words } from "../seeds";
import type { Target } from "../target";
import { SCENARIO, VM } from "./machine-seeds";
import { scenarioMaterial } from "./xml";

const FILE = "scenario.xml";

const BOARD: BoardSpec = {
  name: "fuzz",
  cores: [{}, {}, {}, {}],
  pci: [],
  l2: { cat: { maskLength: 8, cdp: true } },
  l3: { ways: 12, cat: true },
};
const topology = once(() => readBoard(buildBoard(BOARD), "board.xml"));

const policy = (vm: string, vcpu: number, mask: string) => ({ vm, vcpu, mask });
const RDT: RdtSpec = {
  enabled: true,
  cdp: true,
  vcat: true,
  allocations: [
    {
      level: 3,
      id: "0x0",
      policies: [policy("ACRN_Service_VM", 0, "0xff0"), policy(VM, 0, "0xf"), policy("POST_STD_VM2", 0, "0xff0")],
    },
    { level: 2, id: "0x2", policies: [policy(VM, 0, "0x3"), policy("POST_STD_VM2", 2, "0xfc")] },
  ],
};
const OLD: RdtSpec = { enabled: true, masks: ["0xff", "0xf00"], mbaDelays: ["0", "10"].map(Number) };

const WORDS = words(
  "<CACHE_REGION> </CACHE_REGION> <CACHE_ALLOCATION> </CACHE_ALLOCATION> <POLICY> </POLICY> <VCPU>1</VCPU> <VM></VM> <TYPE>Code</TYPE> Data Unified " +
    "<CLOS_MASK> 0xfff 0x0 0x5 0xfffffffff -1 <CACHE_LEVEL>2</CACHE_LEVEL> <CACHE_ID>0x9</CACHE_ID> <vcpu_clos>9</vcpu_clos> <RDT_ENABLED>y</RDT_ENABLED> CDP_ENABLED VCAT_ENABLED",
);

const material = once(() => {
  const { changes, words: more } = scenarioMaterial();
  const texts = [
    buildScenario({ ...SCENARIO, rdt: RDT }),
    buildScenario({ ...SCENARIO, rdt: { ...RDT, cdp: false, vcat: false } }),
    buildScenario({ ...SCENARIO, dialect: "2.x", version: "2.7", rdt: OLD }),
  ];
  return { seeds: texts.map((text) => Buffer.from(text)), words: [...WORDS, ...WORDS, ...more], changes };
});

/** Classes of caches as the file has them, and what ACRN would accept of them without a word. */
export const clos: Target = {
  name: "cache classes of a scenario",
  runs: 1500,
  make: (random) => mutated(random, material()),
  run: (input) => {
    const text = decodeUtf8(input, FILE);
    return [readClosSettings(text, FILE), closFaultsOf(text, FILE, topology())];
  },
  texts: (input) => new Map([[FILE, input.toString("utf8")]]),
  grow: {
    policies: (n) =>
      Buffer.from(
        `<acrn-config><hv><FEATURES><RDT><RDT_ENABLED>y</RDT_ENABLED></RDT></FEATURES><CACHE_REGION><CACHE_ALLOCATION><CACHE_ID>0x0</CACHE_ID><CACHE_LEVEL>3</CACHE_LEVEL>${"<POLICY><VM>A</VM><VCPU>0</VCPU><TYPE>Unified</TYPE><CLOS_MASK>0xf</CLOS_MASK></POLICY>".repeat(n / 86)}</CACHE_ALLOCATION></CACHE_REGION></hv><vm id="0"><name>A</name><load_order>POST_LAUNCHED_VM</load_order></vm></acrn-config>`,
      ),
  },
};
