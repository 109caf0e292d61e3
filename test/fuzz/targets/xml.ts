import assert from "node:assert/strict";
import { readBoard } from "../../../provider/core/acrn/board";
import { affinityField, readScenario, readScenarioFeatures } from "../../../provider/core/acrn/scenario";
import { HV_LEAVES } from "../../../provider/core/acrn/scenario/hv-leaves";
import { readVmConfig } from "../../../provider/core/acrn/scenario/vm-config";
import { vmFields } from "../../../provider/core/acrn/scenario/vm-fields";
import { scenarioConflicts, scenarioSurface } from "../../../provider/core/acrn/scenario-surface";
import { decodeUtf8 } from "../../../provider/core/text/utf8";
import { mutated } from "../mutate";
import { ELEMENTS } from "../mutate-xml";
import { boards, once, real, scenarios, words } from "../seeds";
import type { Target } from "../target";

const FILE = "/usr/share/acrn/file.xml";

const TAGS = words(
  "<vm> </vm> <vm/> <cpu_affinity> </cpu_affinity> <pcpu> <pcpu_id> </pcpu_id> <a> </a> <__proto__> </__proto__> <constructor/> " +
    "<!-- --> <![CDATA[ ]]> <? ?> <?xml <!DOCTYPE <!ENTITY &amp; &lt; &#0; &#x &#13; &__proto__; __proto__='x' id=\"1\" toString='' />",
);
const BOARD_WORDS = words(
  "<processors> <thread> <core> <die> <cpu_id> <apic_id>0x1</apic_id> <caches> <cache <capability capacity_mask_length clos_number " +
    '<processor>0x0</processor> <CPU_PROCESSOR_INFO> <PCI_DEVICE> <bus <device vendor 0xffffffff address= CLOS_INFO 00:1f.7 level="2"',
);
const SCENARIO_WORDS = words(
  "load_order PRE_LAUNCHED_VM SERVICE_VM POST_LAUNCHED_VM vm_type RTVM POST_RT_VM PRE_RT_VM SOS_VM guest_flags GUEST_FLAG_RT name " +
    "own_pcpu lapic_passthrough <name>#2</name> <name>__proto__</name> hv FEATURES RDT SCHEDULER VUART_TIMER_PCPU legacy_vuart clos y n",
);

const decode = (input: Buffer) => decodeUtf8(input, FILE);
const texts = (input: Buffer) => new Map([[FILE, input.toString("utf8")]]);

const boardMaterial = once(() => ({ seeds: boards(), words: [...TAGS, ...BOARD_WORDS], changes: ELEMENTS }));
export const scenarioMaterial = once(() => ({
  seeds: scenarios(),
  words: [...TAGS, ...SCENARIO_WORDS],
  changes: ELEMENTS,
}));
const realBoards = once(() => ({ ...boardMaterial(), seeds: real(/(nuc11tnbi5|whl-ipc-i5)\.xml$/) }));
const realScenarios = once(() => ({
  ...scenarioMaterial(),
  seeds: real(/(hybrid\w*|industry|shared|sdc|partitioned)\.xml$/),
}));

/** `part` between `head` and `tail`, as often as it fits. */
const repeated = (head: string, part: (index: number) => string, tail: string) => (n: number) => {
  const parts: string[] = [];
  for (let size = 0; size < n; size += parts.at(-1)?.length ?? 1) parts.push(part(parts.length));
  return Buffer.from(head + parts.join("") + tail);
};

const VM = (id: number) =>
  `<vm id="${id}"><name>VM${id}</name><load_order>POST_LAUNCHED_VM</load_order><cpu_affinity><pcpu><pcpu_id>1</pcpu_id></pcpu></cpu_affinity></vm>\n`;

const growth = {
  text: repeated("<a>", () => "text &amp; text\n", "</a>"),
  "open tags": repeated("", () => "<a>", ""),
  "open comments": repeated("<a>", () => "<!-- ", ""),
  attributes: repeated("<a ", (at) => `b${at}='1' `, "/>"),
  "bad references": repeated("<a>", () => "<![CDATA[&#x;]]>", "</a>"),
  "one long line": repeated("<a>", () => "<b/>", "<"),
  "lone carriage returns": repeated("<a>", () => "\r", "<"),
  "pairs of surrogates": repeated("<a>", () => "😀", "<"),
};

export const board: Target = {
  name: "board",
  runs: 4_000,
  make: (random) => mutated(random, boardMaterial()),
  run: (input) => readBoard(decode(input), FILE),
  texts,
  grow: {
    ...growth,
    threads: repeated(
      "<acrn-config><processors>",
      (at) => `<core><thread><cpu_id>${at % 4096}</cpu_id><apic_id>0x${at.toString(16)}</apic_id></thread></core>`,
      "</processors></acrn-config>",
    ),
    "PCI lines": repeated(
      "<acrn-config><CPU_PROCESSOR_INFO>0,1</CPU_PROCESSOR_INFO><PCI_DEVICE>\n",
      (at) =>
        `${(at % 256).toString(16).padStart(2, "0")}:${((at >> 8) % 32).toString(16).padStart(2, "0")}.${(at >> 13) % 8} x\n`,
      "</PCI_DEVICE></acrn-config>",
    ),
    "CPU numbers": repeated(
      "<acrn-config><CPU_PROCESSOR_INFO>0",
      (at) => `,${at % 4096}`,
      "</CPU_PROCESSOR_INFO></acrn-config>",
    ),
  },
};

export const scenario: Target = {
  name: "scenario",
  runs: 7_000,
  make: (random) => mutated(random, scenarioMaterial()),
  run: (input) => editable(decode(input)),
  texts,
  grow: { ...growth, VMs: repeated("<acrn-config><hv/>", VM, "</acrn-config>") },
};

export const realBoard: Target = {
  ...board,
  name: "board, ACRN's own",
  runs: 250,
  make: (random) => mutated(random, realBoards()),
  grow: {},
};
export const realScenario: Target = {
  ...scenario,
  name: "scenario, ACRN's own",
  runs: 800,
  make: (random) => mutated(random, realScenarios()),
  grow: {},
};

/** Whatever is read can be edited and given back: every byte returns (laws 2 and 6 of the design). */
function editable(text: string): unknown {
  const scenario = readScenario(text, FILE);
  if (text.length % 4 > 0) return [scenario, readScenarioFeatures(text, FILE)]; // editing parses ten times
  assert.ok(scenarioSurface.sameFields(text, text, FILE));
  assert.deepEqual(scenarioConflicts(text, text, text), []);
  const { key } = scenario.vms[text.length % scenario.vms.length] as { key: string };
  const fields = [...vmFields.keys(), "cpu_affinity"].map((word) =>
    scenarioSurface.read(text, FILE, `vm[${key}]/${word}`),
  );
  const config = readVmConfig(text, FILE, key);
  const reading = affinityField.read(text, FILE, key);
  if (reading.kind !== "no-place") {
    const raw = reading.kind === "value" ? reading.raw : undefined;
    const value = reading.kind === "value" ? reading.value : [];
    if (value.length > 0) assert.equal(affinityField.write(text, FILE, key, value), text, "a write of what is there");
    if (raw !== undefined)
      assert.equal(affinityField.restore(text, FILE, key, raw), text, "a restore of what is there");
    const other = value.join() === "7" ? [8] : [7];
    const edited = affinityField.write(text, FILE, key, other);
    assert.deepEqual(valueIn(edited, key), other, "what was written reads back");
    assert.equal(affinityField.restore(edited, FILE, key, raw), text, "what was there comes back");
  }
  return [scenario, readScenarioFeatures(text, FILE), fields, config, hvEditable(text)];
}

/** The same of a leaf below hv; an element that was empty may come back in another spelling. */
function hvEditable(text: string): unknown {
  const [path, { kind }] = [...HV_LEAVES][text.length % HV_LEAVES.size] as [string, { kind: string }];
  const reading = scenarioSurface.read(text, FILE, path);
  if (reading.kind === "no-place") return reading;
  const value = kind === "list" ? ["0x7", "0x8"] : "other";
  const edited = scenarioSurface.write(text, FILE, path, value);
  const now = scenarioSurface.read(edited, FILE, path);
  assert.deepEqual(now.kind === "value" && now.value, value, "what was written reads back");
  const back = scenarioSurface.restore(edited, FILE, path, reading.kind === "value" ? reading.raw : undefined);
  assert.ok(back === text || scenarioSurface.sameFields(back, text, FILE), "what was there comes back");
  return reading;
}

function valueIn(text: string, key: string): number[] | undefined {
  const reading = affinityField.read(text, FILE, key);
  return reading.kind === "value" ? reading.value : undefined;
}
