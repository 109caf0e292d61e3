import assert from "node:assert/strict";
import type { ScenarioSpec } from "../../examples/lab/builder";
import { planActivation } from "../../provider/converge/activate/plan";
import { type Draft, draftOf } from "../../provider/converge/draft";
import { planResource } from "../../provider/converge/plan-resource";
import { activationSchema } from "../../provider/resources/activation";
import { kindOf } from "../../provider/resources/kinds";
import { rtVmKind } from "../../provider/resources/rt-vm";
import type { RtVmArgs } from "../../provider/resources/rt-vm/schema";
import { identity, MemoryHost } from "../support/memory-host";

const ENTRY = "/usr/share/acrn/conf/add/RT.sh";
const CANONICAL = "/var/lib/pulumi-acrn/launch/RT.sh";

/** RT has pCPU 2 and 3 in the booted image; TWO moves, so that there is a reason for a reboot. */
function cell(rdt = false): MemoryHost {
  const scenario: ScenarioSpec = {
    name: "s",
    board: "b",
    rdt: { enabled: rdt },
    vms: [
      { kind: "service", cpus: [0, 1] },
      { kind: "post-rt", name: "RT", cpus: [2, 3] },
      { kind: "post-rt", name: "TWO", cpus: [4] },
    ],
  };
  const board = { name: "b", pCores: 6, l3: { ways: 12, cat: true } };
  return new MemoryHost({ ...identity("doors"), board, scenario, acrnVersion: "3.3" });
}

function declare(memory: MemoryHost, args: Record<string, unknown> = {}, pcpus = [2, 3]): void {
  one(memory, "RT", args, pcpus);
  one(memory, "TWO", {}, [5]);
}

function one(memory: MemoryHost, name: string, args: Record<string, unknown>, pcpus: number[]): void {
  const who = { stack: "s", kind: "RtVm", urns: [`urn:${name}`] };
  const parsed = rtVmKind.schema.parse({ name, partition: { pcpus: { [name]: pcpus } }, ...args }) as RtVmArgs;
  memory.apply(planResource(memory.draft(), rtVmKind, who, parsed, `id ${name}`));
}

/** Another image is installed and not booted. */
function install(memory: MemoryHost, change: (scenario: string) => string): (draft: Draft) => Draft {
  const record = [...memory.files.keys()].find((path) => path.endsWith("/scenario.xml") && path.includes("/acrn/b/"));
  assert.ok(record, [...memory.files.keys()].join("\n"));
  memory.put(record, change(memory.files.get(record) as string));
  return (draft) => {
    const scenario = memory.files.get(record) as string;
    return {
      ...draft,
      evidence: { ...draft.evidence, built: { known: false, why: "newer than this boot", next: scenario } },
    };
  };
}

interface World {
  runs?: boolean;
  change?: (draft: Draft) => Draft;
}

/** What stands in the way of a reboot, of its doors alone. */
function obstacles(memory: MemoryHost, { runs = false, change = (draft) => draft }: World = {}): string[] {
  const snapshot = memory.snapshot();
  const texts = new Map(snapshot.texts);
  if (runs) {
    texts.set("acrn-dm", "41");
    texts.set("proc/41/cmdline", "acrn-dm\0--cpu_affinity\x004,6\0--rtvm\0--lapic_pt\0RT\0");
  }
  const draft = change(draftOf({ ...snapshot, texts }, memory.settings));
  const args = activationSchema.parse({ allow: ["host-reboot"], guests: { RT: { command: "true" } } });
  const plan = planActivation(draft, args, kindOf);
  assert.match(plan.lines.join(), /^host-reboot/);
  return plan.obstacles.filter((each) => /asks for pCPU/.test(each));
}

const ON_13 = (scenario: string) => scenario.replace(/<pcpu_id>2<\/pcpu_id>/, "<pcpu_id>1</pcpu_id>");
const WITHOUT = (scenario: string) => scenario.replace(/<name>RT<\/name>/, "<name>OTHER</name>");

interface Row {
  what: string;
  args?: Record<string, unknown>;
  pcpus?: number[];
  /** The scenario of the image that is installed. */
  next: (scenario: string) => string;
  runs?: boolean;
  put?: (memory: MemoryHost) => [path: string, text: string];
  found: RegExp[];
}

const ROWS: Row[] = [
  {
    what: "it runs, and the image that is installed has its pCPUs",
    next: (same) => `${same}\n`,
    runs: true,
    found: [],
  },
  {
    what: "it runs, and the next image has others",
    next: ON_13,
    runs: true,
    found: [/^the script of RT asks for pCPU 2,3, and the record .* has RT on pCPU 1,3: RT would not come back after/],
  },
  {
    what: "it runs, and the next image does not have it",
    next: WITHOUT,
    runs: true,
    found: [/has no RT: RT would not come back/],
  },
  {
    what: "what waits for the next image is what starts it then",
    pcpus: [1, 3],
    next: ON_13,
    runs: true,
    found: [],
  },
  { what: "it is off, and nobody starts it", next: ON_13, found: [] },
  {
    what: "it is off, and our entry of acrnd starts it",
    args: { autostart: true },
    next: ON_13,
    found: [/^the script of RT asks for pCPU 2,3/],
  },
  {
    what: "it is off, and an entry of somebody else's starts it",
    next: ON_13,
    put: ({ files }) => [ENTRY, files.get(CANONICAL) as string],
    found: [/^\/usr\/share\/acrn\/conf\/add\/RT\.sh, which acrnd starts, asks for pCPU 2,3/],
  },
  {
    what: "an earlier run powered it off",
    next: ON_13,
    put: () => ["/var/lib/pulumi-acrn/cycling/RT", ""],
    found: [/would not come back/],
  },
];

describe("a host reboot asks first whether what runs would come back", () => {
  for (const { what, args, pcpus, next, runs = false, put, found } of ROWS)
    it(`${what}: ${found.length === 0 ? "nothing is said" : "said"}`, () => {
      const memory = cell();
      declare(memory, args, pcpus);
      if (put) memory.put(...put(memory));
      const said = obstacles(memory, { runs, change: install(memory, next) });
      assert.equal(said.length, found.length, said.join("\n"));
      for (const [at, pattern] of found.entries()) assert.match(said[at] ?? "", pattern);
    });

  it("a VM that an image with RDT lacks would stop the whole machine", () => {
    const memory = cell(true);
    declare(memory);
    const [said] = obstacles(memory, { runs: true, change: install(memory, WITHOUT) });
    assert.match(said ?? "", /RDT on, and a launch of a VM that it lacks stops the whole machine/);
  });
});
