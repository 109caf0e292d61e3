import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { ScenarioSpec } from "../../../../examples/lab/builder";
import { buildScenario } from "../../../../examples/lab/builder";
import { type Evidence, evidenceOf, RECORD_PATH } from "../../../../provider/core/acrn/evidence";
import { printManifest } from "../../../../provider/core/acrn/image/manifest";
import { type Allowed, allowedBy, allowedByDefault, takes } from "../../../../provider/core/acrn/rt-vm/allowed";
import type { FileState, Snapshot } from "../../../../provider/core/snapshot";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

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

describe("what the image that boots by default lets a launch have", () => {
  const [OWN, OTHER] = ["0123456789abcdef", "f".repeat(16)];
  const IMAGES = "/var/lib/pulumi-acrn/images";

  /** OWN runs and has RT on 2-3; OTHER has it on 4, the packages' record on 1. */
  function found(promoted: string, { lost = "", runs = OWN } = {}) {
    const texts: [path: string, text: string][] = [
      [RECORD_PATH, scenario([1])],
      [`${IMAGES}/promoted`, promoted],
    ];
    for (const [id, cpus] of [
      [OWN, [2, 3]],
      [OTHER, [4]],
    ] as const) {
      const built = scenario([...cpus]);
      texts.push([`${IMAGES}/${id}/scenario.xml`, built]);
      if (id !== lost) texts.push([`${IMAGES}/${id}/image.json`, record(id, built)]);
    }
    const files = new Map(
      texts.map(([path, text]) => [
        path,
        { path, kind: "file", bytes: Buffer.from(text), sha256: sha256(text) } as const,
      ]),
    );
    const cmdline = new Map([["proc/cmdline", `root=/dev/sda2${runs ? ` pulumi_acrn_image=${runs}` : ""}`]]);
    const snapshot: Snapshot = { identity: {}, kind: "live", files, texts: cmdline, commands: new Set(), warnings: [] };
    const evidence = evidenceOf(snapshot);
    return { running: allowedBy("RT", evidence, snapshot), default: allowedByDefault("RT", evidence, snapshot) };
  }
  const pcpus = (allowed: Allowed) => (allowed.how === "pcpus" ? allowed.pcpus : allowed.how);

  const ROWS: [what: string, found: ReturnType<typeof found>, running: unknown, byDefault: unknown, why: RegExp][] = [
    ["it is the default", found(`${OWN}\n`), [2, 3], [2, 3], /^the booted image has RT/],
    ["on trial, nothing was ever promoted", found(""), [2, 3], [1], /^the record of the installed image/],
    ["on trial beside another one", found(`${OTHER}\n${OWN}\n`), [2, 3], [4], /^image f{16}, the default, has RT/],
    ["on trial, and the default lost its record", found(`${OTHER}\n`, { lost: OTHER }), [2, 3], "unknown", /not kept/],
    ["the default, and it lost its record", found(`${OWN}\n`, { lost: OWN }), "unknown", "unknown", /not kept/],
    ["taken back, and it lost its record", found("", { lost: OWN }), "unknown", [1], /^the record of the installed/],
    ["the packaged one was picked by hand", found(`${OTHER}\n`, { runs: "" }), [1], [4], /^image f{16}/],
  ];
  for (const [what, { running, default: byDefault }, expected, next, why] of ROWS)
    it(what, () => {
      assert.deepEqual([pcpus(running), pcpus(byDefault)], [expected, next]);
      assert.match(byDefault.why, why);
    });
});

function record(id: string, built: string): string {
  const some = { sha256: "0".repeat(64), size: 1 };
  const own = { sha256: sha256(built), size: built.length };
  const files = { "acrn.bin": some, "board.xml": some, entry: some, "scenario.xml": own };
  return printManifest({ format: 1, id, files, recipe: "make", source: "git v3.3", seconds: 1 });
}
