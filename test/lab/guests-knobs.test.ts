import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { Knobs } from "../../examples/lab/server/physics/guest/knobs";
import { cpuList, lastOf, words } from "../../examples/lab/server/physics/guest/line";
import { isRealtime, liveTexts } from "../../examples/lab/server/physics/guest/live";
import type { GuestOsSpec } from "../../examples/lab/server/physics/guest/spec";
import { tree } from "../host/helpers";
import { withBare } from "./support/bare";

const THP = "sys/kernel/mm/transparent_hugepage/enabled";
const WORK = "sys/devices/virtual/workqueue/cpumask";

describe("lab guests: knobs", function () {
  this.timeout(60_000);

  const guest = (cmdline: string, cpus = 4): { dir: string; knobs: Knobs } => {
    const spec: GuestOsSpec = { layout: "debian", cpus };
    const live = liveTexts({ kernel: "6.1-rt", cmdline }, spec);
    const dir = tree(Object.fromEntries(Object.entries(live).map(([path, text]) => [path.slice(1), text])));
    const knobs = new Knobs(dir, spec);
    knobs.reset(cmdline);
    return { dir, knobs };
  };
  const read = (dir: string, path: string): string => readFileSync(join(dir, path), "utf8").trim();

  const writes: [path: string, given: string, shown: string][] = [
    [THP, "never", "always madvise [never]"],
    [THP, "sometimes", "always [madvise] never"],
    ["sys/kernel/mm/transparent_hugepage/defrag", "defer+madvise", "always defer [defer+madvise] madvise never"],
    [WORK, "1", "1"],
    [WORK, "0x00000003", "3"],
    [WORK, "00000000,0000000f", "f"],
    [WORK, "ff", "f"],
    [WORK, "0", "f"],
    [WORK, "nonsense", "f"],
    ["sys/devices/virtual/workqueue/writeback/cpumask", "1", "1"],
    ["proc/irq/24/smp_affinity", "1", "1"],
    ["proc/irq/0/smp_affinity", "1", "f"],
    ["proc/irq/26/smp_affinity", "1", "f"],
    ["proc/irq/default_smp_affinity", "3", "3"],
    ["sys/devices/system/machinecheck/machinecheck0/ignore_ce", "1", "1"],
    ["proc/sys/kernel/printk", "3 1 1 7", "3\t1\t1\t7"],
    ["proc/sys/kernel/printk", "5", "5\t4\t1\t7"],
    ["proc/sys/kernel/timer_migration", "7", "1"],
    ["proc/sys/kernel/timer_migration", "nonsense", "1"],
    ["proc/sys/kernel/sched_rt_runtime_us", "-1", "-1"],
  ];
  for (const [path, given, shown] of writes)
    it(`${path}: ${given} becomes ${shown}`, () => {
      const { dir, knobs } = guest("quiet");
      writeFileSync(join(dir, path), `${given}\n`);
      knobs.look();
      assert.equal(read(dir, path), shown);
    });

  it("mask and list of an interrupt say the same, whichever was written", () => {
    const cpus = 40;
    const { dir, knobs } = guest("quiet", cpus);
    const some = fc.uniqueArray(fc.integer({ min: 0, max: cpus - 1 }), { minLength: 1 });
    const [mask, list] = ["proc/irq/25/smp_affinity", "proc/irq/25/smp_affinity_list"];
    fc.assert(
      fc.property(some, fc.boolean(), (chosen, byList) => {
        const bits = chosen.reduce((all, cpu) => all | (1n << BigInt(cpu)), 0n);
        writeFileSync(join(dir, byList ? list : mask), byList ? chosen.join(",") : bits.toString(16));
        knobs.look();
        assert.equal(BigInt(`0x${read(dir, mask).replace(",", "")}`), bits);
        assert.match(read(dir, mask), /^[0-9a-f]{2},[0-9a-f]{8}$/);
        assert.deepEqual(
          cpuList(read(dir, list), cpus),
          [...chosen].sort((a, b) => a - b),
        );
      }),
    );
  });

  const boots: [line: string, path: string, shown: string | undefined][] = [
    ["isolcpus=nohz,domain,1-3", WORK, "1"],
    ["isolcpus=nohz,domain,1-3", "sys/devices/system/cpu/isolated", "1-3"],
    ["nohz_full=2-N", "sys/devices/system/cpu/nohz_full", "2-3"],
    ["irqaffinity=0", "proc/irq/24/smp_affinity", "1"],
    ["irqaffinity=0", "proc/irq/24/smp_affinity_list", "0"],
    ["transparent_hugepage=never", THP, "always madvise [never]"],
    ["mce=off", "sys/devices/system/machinecheck/machinecheck0/ignore_ce", undefined],
    ["mce=ignore_ce", "sys/devices/system/machinecheck/machinecheck0/ignore_ce", "1"],
    ["panic=15", "proc/sys/kernel/panic", "15"],
  ];
  for (const [line, path, shown] of boots)
    it(`${line}: ${path} says ${shown ?? "nothing: it is not there"}`, () => {
      const { dir } = guest(line);
      assert.equal(existsSync(join(dir, path)) ? read(dir, path) : undefined, shown);
    });

  it(
    "what was written is lost by a boot, and what is there no more goes",
    withBare({ layout: "debian" }, async (bare) => {
      await bare.out(`cd $PULUMI_ACRN_ROOT; echo never >${THP}; echo 1 >${WORK}`);
      assert.equal(await bare.out(`cd $PULUMI_ACRN_ROOT; cat ${THP} ${WORK}`), "always madvise [never]\n1\n");
      const settings = bare.read("etc/default/grub");
      bare.write("etc/default/grub", settings.replace('DEFAULT="quiet"', 'DEFAULT="mce=off"'));
      await bare.out("update-grub");
      assert.ok(bare.has("sys/devices/system/machinecheck"));
      await bare.reboot();
      assert.equal(await bare.out(`cd $PULUMI_ACRN_ROOT; cat ${THP} ${WORK}`), "always [madvise] never\nf\n");
      assert.ok(!bare.has("sys/devices/system/machinecheck/machinecheck0"));
    }),
  );

  const logs: [line: string, x2apic: boolean, said: RegExp][] = [
    ["quiet", true, /;x2apic enabled\n/],
    ["quiet nox2apic", true, /;x2apic: disabled on command line\n/],
    ["quiet", false, /;x2apic: IRQ remapping doesn't support X2APIC mode\n/],
  ];
  for (const [cmdline, x2apic, said] of logs)
    it(`the log of ${cmdline}${x2apic ? "" : ", without x2APIC,"} has ${said}`, () => {
      const live = liveTexts({ kernel: "6.1-rt", cmdline }, { layout: "debian", x2apic });
      assert.match(live["/dev/kmsg"] ?? "", said);
      assert.equal(/ x2apic /.test(live["/proc/cpuinfo"] ?? ""), x2apic, "the flag is the capability alone");
    });

  const lines: [line: string, key: string, value: string | undefined][] = [
    ["a=1 b a=2", "a", "2"],
    ["a=1 b", "b", ""],
    ['a="x y" b', "a", "x y"],
    ['"a=x y" b', "a", "x y"],
    ["a-b=1", "a_b", "1"],
    ["x -- a=1", "a", undefined],
  ];
  for (const [line, key, value] of lines)
    it(`${key} of ${line} is ${value}`, () => assert.equal(lastOf(line, key), value));

  it("quotes keep words together", () => assert.deepEqual(words('a "b c" d="e f"'), ["a", "b c", "d=e f"]));

  const kernels = {
    "6.1.0-18-rt-amd64": true,
    "6.1.0-18-amd64": false,
    "5.15.0-1062-realtime": true,
    "5.14.0-427.el9.x86_64+rt": true,
    "6.1.80-rt26": true,
    "6.1-port": false,
  };
  for (const [name, expected] of Object.entries(kernels))
    it(`${name} is ${expected ? "" : "not "}PREEMPT_RT`, () => assert.equal(isRealtime(name), expected));
});
