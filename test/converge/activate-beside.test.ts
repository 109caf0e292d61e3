import assert from "node:assert/strict";
import { buildScenario, type ScenarioSpec } from "../../examples/lab/builder";
import { planActivation } from "../../provider/converge/activate/plan";
import { draftOf } from "../../provider/converge/draft";
import { planResource } from "../../provider/converge/plan-resource";
import { IMAGES } from "../../provider/core/acrn/image/paths";
import { activationSchema } from "../../provider/resources/activation";
import { hypervisorImageKind } from "../../provider/resources/hypervisor-image";
import { kindOf } from "../../provider/resources/kinds";
import { rtVmKind } from "../../provider/resources/rt-vm";
import type { RtVmArgs } from "../../provider/resources/rt-vm/schema";
import { identity, MemoryHost } from "../support/memory-host";

const ID = "0123456789abcdef";
const ALL = ["hypervisor-install", "host-reboot", "rtvm-power-cycle"];

const scenario = (rt: number[], two: number[], rdt = false): ScenarioSpec => ({
  name: "s",
  board: "b",
  rdt: { enabled: rdt },
  vms: [
    { kind: "service", cpus: [0, 1] },
    { kind: "post-rt", name: "RT", cpus: rt },
    { kind: "post-rt", name: "TWO", cpus: two },
  ],
});

/** RT and TWO have pCPU 2 and 4 in the booted image, 3 and 5 are declared, and an image comes. */
function cell(comes: ScenarioSpec, kept: Record<string, string> = {}) {
  const board = { name: "b", pCores: 8, l3: { ways: 12, cat: true } };
  const memory = new MemoryHost({ ...identity("beside"), board, scenario: scenario([2], [4]), acrnVersion: "3.3" });
  for (const [name, pcpus] of [
    ["RT", [3]],
    ["TWO", [5]],
  ] as const) {
    const who = { stack: "s", kind: "RtVm", urns: [`urn:${name}`] };
    const parsed = rtVmKind.schema.parse({ name, partition: { pcpus: { [name]: pcpus } } }) as RtVmArgs;
    memory.apply(planResource(memory.draft(), rtVmKind, who, parsed, `id ${name}`));
  }
  memory.put(`${IMAGES}/${ID}/scenario.xml`, buildScenario(comes));
  for (const [name, text] of Object.entries(kept)) memory.put(`${IMAGES}/${ID}/${name}`, text);
  const args = hypervisorImageKind.schema.parse({ build: { command: "true" } });
  const found = { id: ID, source: "x", staged: true, missing: [] };
  const who = { stack: "s", kind: "HypervisorImage", urns: ["urn:image"] };
  memory.apply(planResource(memory.draft(), hypervisorImageKind, who, { ...args, found }, "id image"));
  return memory;
}

function planOf(memory: MemoryHost) {
  const draft = draftOf(memory.snapshot(), memory.settings);
  const guests = { RT: { command: "true" }, TWO: { command: "true" } };
  return planActivation(draft, activationSchema.parse({ allow: ALL, guests }), kindOf);
}

/** Names of scripts that come to stand beside the image. */
function beside(memory: MemoryHost): string[] {
  const step = planOf(memory).steps.find(({ act }) => act === "hypervisor-install");
  assert.ok(step && "image" in step && step.image?.beside);
  const [own, ...more] = step.image.beside;
  assert.deepEqual([own?.image, more], [ID, []]);
  return [...(own?.scripts.keys() ?? [])];
}

describe("launch scripts beside an image that comes", () => {
  const LAUNCH = (apic: number, vm: string) => `acrn-dm --cpu_affinity ${apic} ${vm}\n`;
  const ROWS: [what: string, comes: ScenarioSpec, kept: Record<string, string>, expected: string[]][] = [
    ["it has what both wait for", scenario([3], [5]), {}, ["RT.sh", "TWO.sh"]],
    ["it has what one waits for, and the other as it is", scenario([3], [4]), {}, ["RT.sh"]],
    ["it has neither, so nothing that waits starts there", scenario([2], [4]), {}, []],
    ["what was kept beside it starts one", scenario([6], [4]), { "RT.sh": LAUNCH(12, "RT") }, ["RT.sh"]],
    ["what was kept beside it does not fit it", scenario([6], [4]), { "RT.sh": LAUNCH(14, "RT") }, []],
    ["the canonical one fits, so what was kept goes", scenario([2], [4]), { "RT.sh": LAUNCH(4, "RT") }, []],
    ["what waits goes before what was kept", scenario([3, 6], [4]), { "RT.sh": LAUNCH(12, "RT") }, ["RT.sh"]],
  ];
  for (const [what, comes, kept, expected] of ROWS)
    it(what, () => assert.deepEqual(beside(cell(comes, kept)), expected));

  it("what waits is what stands there", () => {
    const memory = cell(scenario([3, 6], [4]), { "RT.sh": LAUNCH(12, "RT") });
    const step = planOf(memory).steps.find(({ act }) => act === "hypervisor-install");
    const text = step && "image" in step ? step.image?.beside?.[0]?.scripts.get("RT.sh") : undefined;
    assert.equal(text, memory.files.get(`${IMAGES}/next/RT.sh`));
  });
});

describe("an image that comes is judged by its own scenario", () => {
  const shares = (memory: MemoryHost) => planOf(memory).obstacles.filter((each) => /cores\.shared/.test(each));

  it("what it was built from, not what the source has by now", () => {
    assert.match(shares(cell(scenario([4], [4]))).join(), /RT and TWO are both on pCPU 4/);
    const memory = cell(scenario([3], [5]));
    const source = "/var/lib/pulumi-acrn/scenario.xml";
    memory.put(source, (memory.files.get(source) as string).replaceAll("<pcpu_id>5<", "<pcpu_id>3<"));
    assert.deepEqual(shares(memory), []);
  });
});
