import assert from "node:assert/strict";
import { draftOf } from "../../provider/converge/draft";
import { planResource } from "../../provider/converge/plan-resource";
import { hypervisorFeaturesKind } from "../../provider/resources/hypervisor-features";
import type { MemoryHost } from "../support/memory-host";
import { CFG, cell, edit, plan, who } from "./hypervisor-features.support";

const MENU = "/boot/grub/grub.cfg";
const BOOT = 1_700_000_000;

/** The machine at another moment: when files were written, and what the boot line says. */
interface Moment {
  cmdline?: string;
  times?: Record<string, number>;
}

function pending(memory: MemoryHost, args: Record<string, unknown>, { cmdline, times = {} }: Moment = {}) {
  const snapshot = memory.snapshot();
  const texts = new Map(snapshot.texts).set("proc/stat", `btime ${BOOT}\n`);
  if (cmdline !== undefined) texts.set("proc/cmdline", cmdline);
  const files = new Map(
    [...snapshot.files].map(([path, file]) => [path, { ...file, mtime: times[path] ?? BOOT - 1000 }]),
  );
  const draft = draftOf({ ...snapshot, texts, files }, memory.settings);
  const parsed = hypervisorFeaturesKind.schema.parse(args);
  return planResource(draft, hypervisorFeaturesKind, who, parsed, "id1").pending.map(({ state, needs, running }) => [
    state,
    running,
    needs.map(({ act }) => act).join(),
  ]);
}

describe("HypervisorFeatures: what of it runs", () => {
  it("an option below hv is what the booted image has, and waits for another", () => {
    const memory = cell();
    assert.deepEqual(pending(memory, { scheduler: "bvt" }), [["active", "SCHED_BVT", ""]]);
    assert.deepEqual(pending(memory, { scheduler: "noop" }), [
      ["pending", "SCHED_BVT", "hypervisor-install,host-reboot"],
    ]);
  });

  it("an image that is installed and not booted needs the reboot alone, if it has the option", () => {
    const memory = cell();
    const image = [...memory.files.keys()].find((path) => /^\/boot\/acrn.*\.bin$/.test(path)) as string;
    const times = { [image]: BOOT + 60 };
    assert.deepEqual(pending(memory, { scheduler: "bvt" }, { times }), [["pending", "unknown", "host-reboot"]]);
    assert.deepEqual(pending(memory, { scheduler: "noop" }, { times }), [
      ["pending", "unknown", "hypervisor-install,host-reboot"],
    ]);
  });

  it("no evidence is unknown", () => {
    const memory = cell();
    memory.put("/var/lib/dpkg/info/acrn-hypervisor.md5sums", undefined);
    assert.deepEqual(pending(memory, { scheduler: "bvt" }), [["unknown", "unknown", ""]]);
  });

  const nominal = "ro quiet cpu_perf_policy=Performance cpu_perf_policy=Nominal";
  const performance = "ro quiet cpu_perf_policy=Performance";
  const rows: [string, Moment, [string, string, string]][] = [
    ["not written yet", {}, ["pending", "unknown", "update-grub,host-reboot"]],
    ["the line has it already", { cmdline: nominal }, ["active", "Nominal", ""]],
    ["the line has another", { cmdline: performance }, ["pending", "Performance", "update-grub,host-reboot"]],
  ];
  for (const [name, moment, expected] of rows)
    it(`the policy before it is written: ${name}`, () =>
      assert.deepEqual(pending(cell(), { cpuPerformancePolicy: "nominal" }, moment), [expected]));

  const later: [string, Moment, [string, string, string]][] = [
    ["no menu", {}, ["pending", "unknown", "update-grub,host-reboot"]],
    [
      "an older menu",
      { times: { [CFG]: BOOT + 9, [MENU]: BOOT + 8 } },
      ["pending", "unknown", "update-grub,host-reboot"],
    ],
    ["a menu since the boot", { times: { [CFG]: BOOT + 8, [MENU]: BOOT + 9 } }, ["pending", "unknown", "host-reboot"]],
    ["a boot since the menu, which took another entry", { cmdline: performance }, ["unknown", "Performance", ""]],
    ["a boot whose line names no policy", { cmdline: "ro quiet" }, ["unknown", "unknown", ""]],
    ["a boot that has it", { cmdline: nominal }, ["active", "Nominal", ""]],
    ["a menu of a clock that was wrong", { times: { [MENU]: BOOT + 10_000_000_000 } }, ["unknown", "unknown", ""]],
  ];
  for (const [name, moment, expected] of later)
    it(`the policy once it is written: ${name}`, () => {
      const memory = cell();
      memory.apply(plan(memory, { cpuPerformancePolicy: "nominal" }));
      if (name !== "no menu") memory.put(MENU, "menu\n");
      assert.deepEqual(pending(memory, { cpuPerformancePolicy: "nominal" }, moment), [expected]);
    });

  it("another policy than the file has is not in the menu, however old the file is", () => {
    const memory = cell();
    memory.apply(plan(memory, { cpuPerformancePolicy: "nominal" }));
    memory.put(MENU, "menu\n");
    assert.deepEqual(pending(memory, { cpuPerformancePolicy: "performance" }, { cmdline: nominal }), [
      ["pending", "Nominal", "update-grub,host-reboot"],
    ]);
  });

  it("a record that says Nominal wins on the line: an image is needed, not GRUB", () => {
    const memory = cell();
    edit(memory, /scenario\.xml$/, />Performance</, ">Nominal<");
    assert.deepEqual(pending(memory, { cpuPerformancePolicy: "performance" }, { cmdline: performance }), [
      ["pending", "Performance", "hypervisor-install,host-reboot"],
    ]);
  });
});

describe("HypervisorFeatures: the policy of an image of ours", () => {
  const id = "0123456789abcdef";

  it("begins the boot line in the place of the record's; where it is not kept, nobody can tell", () => {
    const memory = cell();
    edit(memory, /scenario\.xml$/, />Performance</, ">Nominal<");
    const cmdline = `ro pulumi_acrn_image=${id} cpu_perf_policy=Performance`;
    assert.deepEqual(pending(memory, { cpuPerformancePolicy: "performance" }, { cmdline }), [
      ["active", "Performance", ""],
    ]);
  });
});

describe("HypervisorFeatures: drift", () => {
  const args = { scheduler: "noop", splitLockDetection: true, cpuPerformancePolicy: "nominal", buildType: "release" };
  const observed = (change: (memory: MemoryHost) => void) => {
    const memory = cell();
    const planned = plan(memory, args);
    memory.apply(planned);
    change(memory);
    return hypervisorFeaturesKind.observe(memory.draft().documents, { ...args, ...planned.outputs });
  };
  const source = /^\/var\/lib\/pulumi-acrn\/scenario\.xml$/;

  const rows: [string, (memory: MemoryHost) => void, Record<string, unknown>][] = [
    ["none", () => {}, {}],
    ["a value", (m) => edit(m, source, /SCHED_NOOP/, "SCHED_PRIO"), { scheduler: "prio" }],
    ["a text that is none of ours", (m) => edit(m, source, /SCHED_NOOP/, "SCHED_RR"), { scheduler: "SCHED_RR" }],
    ["a switch", (m) => edit(m, source, /(<SPLIT_LOCK_DETECTION_ENABLED>)y/, "$1n"), { splitLockDetection: false }],
    [
      "an element that is gone",
      (m) => edit(m, source, /<BUILD_TYPE>.*<\/BUILD_TYPE>/, ""),
      { buildType: "(not in the scenario)" },
    ],
    [
      "GRUB's place",
      (m) => edit(m, /zz-pulumi/, /=Nominal"/, '=Performance"'),
      { cpuPerformancePolicy: "performance" },
    ],
    ["GRUB's file", (m) => m.put(CFG, undefined), { cpuPerformancePolicy: "(not in GRUB's settings)" }],
  ];
  for (const [name, change, expected] of rows)
    it(name, () => assert.deepEqual(observed(change), { ...args, ...expected }));

  it("a state that somebody edited", () => {
    const { documents } = cell().draft();
    for (const elements of [
      undefined,
      3,
      { scheduler: "hv/ELSE" },
      { scheduler: ["x"] },
      { scheduler: "hv/BUILD_TYPE" },
    ])
      assert.deepEqual(hypervisorFeaturesKind.observe(documents, { scheduler: "noop", elements }), {});
  });
});
