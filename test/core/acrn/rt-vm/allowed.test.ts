import assert from "node:assert/strict";
import type { ScenarioSpec } from "../../../../examples/lab/builder";
import { buildScenario } from "../../../../examples/lab/builder";
import { type Evidence, RECORD_PATH } from "../../../../provider/core/acrn/evidence";
import { allowedBy, takes } from "../../../../provider/core/acrn/rt-vm/allowed";
import type { FileState, Snapshot } from "../../../../provider/core/snapshot";

const scenario = (cpus: number[], rdt = false): string => {
  const spec: ScenarioSpec = {
    name: "s",
    board: "b",
    rdt: { enabled: rdt },
    vms: [
      { kind: "service", cpus: [] },
      { kind: "post-rt", name: "RT", cpus },
    ],
  };
  return buildScenario(spec);
};

function allowed(vm: string, built: string | undefined, record: string | undefined, path = RECORD_PATH) {
  const files = new Map<string, FileState>();
  if (record !== undefined) files.set(path, { path, kind: "file", bytes: Buffer.from(record) });
  const snapshot: Snapshot = { identity: {}, kind: "live", files, texts: new Map(), commands: new Set(), warnings: [] };
  const evidence: Evidence = {
    built:
      built === undefined ? { known: false, why: "two images" } : { known: true, scenario: built, why: "packaged" },
    running: { known: true, vms: [] },
    record: path,
  };
  return allowedBy(vm, evidence, snapshot);
}

describe("what the running image lets a launch have (reference 7)", () => {
  const ROWS: [
    what: string,
    found: ReturnType<typeof allowed>,
    how: string,
    why: RegExp,
    takes23: boolean | undefined,
  ][] = [
    [
      "all of what was built",
      allowed("RT", scenario([3, 2]), undefined),
      "pcpus",
      /^the booted image has RT on pCPU 2-3$/,
      true,
    ],
    ["fewer of them", allowed("RT", scenario([1, 2, 3]), undefined), "pcpus", /pCPU 1-3/, true],
    ["others than were built", allowed("RT", scenario([1, 2]), undefined), "pcpus", /pCPU 1-2/, false],
    [
      "the image counts, not the record",
      allowed("RT", scenario([2, 3]), scenario([1])),
      "pcpus",
      /^the booted image/,
      true,
    ],
    [
      "no proof: the record, and it is said",
      allowed("RT", undefined, scenario([2, 3])),
      "pcpus",
      /^the record of the installed image \(two images\) has RT/,
      true,
    ],
    ["a record elsewhere", allowed("RT", undefined, scenario([2, 3]), "/srv/s.xml"), "pcpus", /record/, true],
    ["neither", allowed("RT", undefined, undefined), "unknown", /^two images$/, undefined],
    [
      "a VM that was not built",
      allowed("NEW", scenario([2]), undefined),
      "no-such-vm",
      /^the booted image has no NEW$/,
      false,
    ],
  ];
  for (const [what, found, how, why, expected] of ROWS)
    it(what, () => {
      assert.equal(found.how, how);
      assert.match(found.why, why);
      assert.equal(takes(found, [2, 3]), expected);
    });

  it("a name that an image with RDT lacks: that launch would stop the machine (reference 3, 8b)", () => {
    for (const rdt of [true, false]) {
      const found = allowed("NEW", scenario([2], rdt), undefined);
      assert.equal(found.how === "no-such-vm" && found.rdt, rdt);
    }
  });
});

describe("an image of ours runs, and what it was built from is not kept any more", () => {
  const OWN = "0123456789abcdef";
  const PROMOTED = "/var/lib/pulumi-acrn/images/promoted";
  const found = (promoted: string) => {
    const texts = [
      [RECORD_PATH, scenario([1])],
      [PROMOTED, promoted],
    ] as const;
    const files = new Map(
      texts.map(([path, text]) => [path, { path, kind: "file", bytes: Buffer.from(text) } as const]),
    );
    const cmdline = new Map([["proc/cmdline", `root=/dev/sda2 pulumi_acrn_image=${OWN}`]]);
    const snapshot: Snapshot = { identity: {}, kind: "live", files, texts: cmdline, commands: new Set(), warnings: [] };
    const built = { known: false, why: "not kept as it was" } as const;
    return allowedBy("RT", { built, running: { known: true, vms: [] } }, snapshot);
  };

  it("it is the default: the packages' record says nothing of it", () => {
    assert.deepEqual(found(`${OWN}\n`), { how: "unknown", why: "not kept as it was" });
  });

  it("it is the default no more: the packages' record is of what boots next", () => {
    for (const text of ["", `${"f".repeat(16)}\n${OWN}\n`]) assert.equal(found(text).how, "pcpus");
  });
});
