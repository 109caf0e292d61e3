import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { formatCpuMask } from "../../../../provider/core/tuning/cpu-mask";
import { KNOBS } from "../../../../provider/core/tuning/runtime/knobs";
import { parseReport, REPORT } from "../../../../provider/core/tuning/runtime/report";
import { RUNTIME_SCRIPT, runtimeScript } from "../../../../provider/core/tuning/runtime/script";
import { TUNING_DROP_IN_TEXT, TUNING_UNIT, TUNING_UNIT_TEXT } from "../../../../provider/core/tuning/runtime/unit";
import type { KnobSetting } from "../../../../provider/core/tuning/runtime/value";
import { which } from "../../../../tools/paths";
import { needs } from "../../../support/needs";

describe("the script", () => {
  it("is what shellcheck takes for POSIX sh, with every knob", function () {
    needs(this, which("shellcheck"), "no shellcheck");
    const settings = KNOBS.map(({ name: key, takes }) => ({
      key,
      value: takes === "mask" ? "3" : (takes[0] as string),
    }));
    const { stdout } = spawnSync("shellcheck", ["--shell=sh", "-"], {
      input: runtimeScript(settings),
      encoding: "utf8",
    });
    assert.equal(stdout, "");
  });

  it("without knobs it sets nothing, and says so", () => assert.doesNotMatch(runtimeScript([]), /^knob /m));
});

describe("the unit", () => {
  it("runs the script by sh once a boot, pulled in without a link", () => {
    assert.match(TUNING_UNIT_TEXT, new RegExp(`^ExecStart=/bin/sh ${RUNTIME_SCRIPT}$`, "m"));
    assert.match(TUNING_UNIT_TEXT, /^Type=oneshot$/m);
    assert.equal(TUNING_DROP_IN_TEXT, `# Written by pulumi-acrn.\n[Unit]\nWants=${TUNING_UNIT}\n`);
  });
});

const SHELLS: [string, string[]][] = [
  ["dash", []],
  ["bash", ["--posix"]],
  ["busybox", ["ash"]],
];

for (const [program, applet] of SHELLS)
  describe(`the script under ${program}`, () => {
    let root: string;
    before(function () {
      needs(this, which(program), `no ${program}`);
    });
    beforeEach(() => {
      root = mkdtempSync(join(tmpdir(), "acrn tuning "));
      mkdirSync(join(root, "run"));
    });
    afterEach(() => rmSync(root, { recursive: true, force: true }));

    const put = (path: string, text: string) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    };
    const get = (path: string) => readFileSync(join(root, path), "utf8");
    const run = (settings: KnobSetting[]) => {
      const input = runtimeScript(settings);
      const file = join(root, "tuning.sh");
      writeFileSync(file, input);
      const { status, stdout, stderr } = spawnSync(program, [...applet, file, root], { encoding: "utf8" });
      return { status, stdout, stderr, report: parseReport(get(REPORT)) };
    };
    const all: KnobSetting[] = [
      { key: "transparent_hugepage", value: "never" },
      { key: "workqueue_cpumask", value: "00000001,00000003" },
      { key: "irq_affinity", value: "3" },
      { key: "machinecheck_ignore_ce", value: "1" },
    ];

    it("sets what is there, tells what is not, and writes nothing twice", () => {
      put("/sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
      put("/sys/devices/virtual/workqueue/cpumask", "f\n");
      for (const irq of ["0", "12"]) put(`/proc/irq/${irq}/smp_affinity`, "f\n");
      put("/proc/irq/default_smp_affinity", "0003\n");
      put("/proc/irq/12/smp_affinity_list", "0-3\n");
      const { status, stderr, report } = run(all);
      assert.deepEqual([status, stderr], [0, ""]);
      assert.equal(get("/sys/kernel/mm/transparent_hugepage/enabled"), "never\n");
      assert.equal(get("/sys/devices/virtual/workqueue/cpumask"), "1,00000003\n");
      assert.deepEqual(
        ["0", "12"].map((irq) => get(`/proc/irq/${irq}/smp_affinity`)),
        ["3\n", "3\n"],
      );
      assert.equal(get("/proc/irq/default_smp_affinity"), "0003\n", "the same mask is left as it is");
      assert.equal(get("/proc/irq/12/smp_affinity_list"), "0-3\n");
      assert.deepEqual(
        report.map(({ name, value, files }) => [name, value, files]),
        [
          ["transparent_hugepage", "never", 1],
          ["workqueue_cpumask", "1,00000003", 1],
          ["irq_affinity", "3", 3],
          ["machinecheck_ignore_ce", undefined, 0],
        ],
      );
      const paths = ["/sys/kernel/mm/transparent_hugepage/enabled", "/proc/irq/0/smp_affinity"];
      const times = () => paths.map((path) => statSync(join(root, path), { bigint: true }).mtimeNs);
      const first = times();
      assert.deepEqual(run(all).report, report, "the second run says the same");
      assert.deepEqual(times(), first);
    });

    it("a choice in brackets that is the wished one is not written", () => {
      put("/sys/kernel/mm/transparent_hugepage/enabled", "always madvise [never]\n");
      assert.equal(run(all.slice(0, 1)).status, 0);
      assert.equal(get("/sys/kernel/mm/transparent_hugepage/enabled"), "always madvise [never]\n");
    });

    it("what cannot be written is a failure, but for an interrupt that does not move", () => {
      mkdirSync(join(root, "/sys/devices/virtual/workqueue/cpumask"), { recursive: true });
      mkdirSync(join(root, "/proc/irq/7/smp_affinity"), { recursive: true });
      put("/proc/irq/8/smp_affinity", "f\n");
      const { status, report, stderr } = run(all);
      assert.equal(status, 1);
      assert.equal(stderr, "");
      assert.deepEqual(report.find(({ name }) => name === "workqueue_cpumask")?.failed, [
        "/sys/devices/virtual/workqueue/cpumask",
      ]);
      const irqs = report.find(({ name }) => name === "irq_affinity");
      assert.deepEqual([irqs?.files, irqs?.refused, irqs?.failed], [2, ["/proc/irq/7/smp_affinity"], []]);
      assert.equal(get("/proc/irq/8/smp_affinity"), "3\n", "the others are set all the same");
      assert.equal(run(all.slice(2, 3)).status, 0, "alone it is no failure");
    });

    it("without a place for its report it says so", () => {
      rmSync(join(root, "run"), { recursive: true });
      writeFileSync(join(root, "run"), "");
      const file = join(root, "tuning.sh");
      writeFileSync(file, runtimeScript(all));
      assert.notEqual(spawnSync(program, [...applet, file, root]).status, 0);
    });

    it("any mask is taken for itself, however the kernel pads it", () => {
      const ids = fc.uniqueArray(fc.integer({ min: 0, max: 130 }), { minLength: 1, maxLength: 6 });
      fc.assert(
        fc.property(ids, ids, fc.integer({ min: 0, max: 2 }), (have, want, pad) => {
          const mask = formatCpuMask(have);
          const padded = mask.replace(/^[^,]*/, (head) => `${"00000000,".repeat(pad)}${head.padStart(8, "0")}`);
          put("/sys/devices/virtual/workqueue/cpumask", `${padded}\n`);
          run([{ key: "workqueue_cpumask", value: formatCpuMask(want) }]);
          const same = formatCpuMask(want) === mask;
          assert.equal(
            get("/sys/devices/virtual/workqueue/cpumask"),
            same ? `${padded}\n` : `${formatCpuMask(want)}\n`,
          );
        }),
        { numRuns: 20 },
      );
    });
  });
