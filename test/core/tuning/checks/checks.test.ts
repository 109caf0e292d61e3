import assert from "node:assert/strict";
import { checkTuning } from "../../../../provider/core/tuning/checks";
import { waitsForCpus } from "../../../../provider/core/tuning/checks/cpu-lists";
import { known, unknown } from "../../../../provider/core/tuning/fact";
import { ofKind, settle } from "../../../../provider/core/tuning/profiles/settle";
import { assertSpoken, type Case, DARK, GOOD, inputOf } from "./guest";

const STANDARD = { rtvm: known(false) };

/** Title, input, and `severity id property` of all that is said. */
const rows: [title: string, input: Case, said: string[]][] = [
  ["a good real-time VM", { line: "isolcpus=nohz,domain,1-3 nohz_full=1-3" }, []],

  // nothing inside a real-time VM may reset
  ["panic= in a real-time VM", { line: "panic=15" }, ["refusal tuning.panic kernelArgs.panic"]],
  ["at once", { line: "panic=-1" }, ["refusal tuning.panic kernelArgs.panic"]],
  ["without a number", { line: "panic" }, ["refusal tuning.panic kernelArgs.panic"]],
  ["panic=0 waits for ever", { line: "panic=15 panic=0" }, []],
  ["panic= in a standard VM", { line: "panic=15", guest: STANDARD }, []],
  [
    "panic= where nobody knows which VM it is",
    { line: "panic=15", guest: { rtvm: unknown("nobody said") } },
    ["warning tuning.panic kernelArgs.panic"],
  ],
  ["panic= with a triple fault", { line: "panic=15 reboot=t" }, ["warning tuning.panic kernelArgs.panic"]],
  [
    "panic= with a triple fault among others",
    { line: "panic=15 reboot=w,triple" },
    ["warning tuning.panic kernelArgs.panic"],
  ],
  [
    "a later way to reboot counts",
    { line: "panic=15 reboot=t reboot=acpi" },
    ["refusal tuning.panic kernelArgs.panic"],
  ],
  ["the sysctl is set later than the line", { line: "panic=15", sysctls: { "kernel.panic": "0" } }, []],
  ["the sysctl", { sysctls: { "kernel.panic": "10" } }, ["refusal tuning.panic sysctls.kernel.panic"]],
  ["a kernel built with a time", { guest: { panicTimeout: known(10) } }, ["refusal tuning.panic sysctls.kernel.panic"]],
  [
    "a watchdog in a real-time VM",
    { guest: { watchdogs: known([{ what: "RuntimeWatchdogSec=30", where: "/etc/systemd/system.conf:3" }]) } },
    ["refusal tuning.watchdog watchdog"],
  ],
  [
    "a watchdog in a standard VM",
    { guest: { ...STANDARD, watchdogs: known([{ what: "watchdog.service", where: "starts at boot" }]) } },
    [],
  ],
  ["systemd's watchdog by the line", { line: "systemd.watchdog_sec=30" }, ["refusal tuning.watchdog watchdog"]],
  ["that one off", { line: "systemd.watchdog_sec=off systemd.watchdog-sec=0" }, []],
  ["a detector that panics", { line: "softlockup_panic=1" }, ["warning tuning.panics kernelArgs.softlockup_panic"]],
  ["one that does not", { line: "softlockup_panic=0 nmi_watchdog=0 oops=warn" }, []],
  ["the NMI watchdog that panics", { line: "nmi_watchdog=panic,1" }, ["warning tuning.panics kernelArgs.nmi_watchdog"]],
  [
    "a sysctl that panics",
    { sysctls: { "kernel.hung_task_panic": "1", "kernel.softlockup_panic": "0" } },
    ["warning tuning.panics sysctls.kernel.hung_task_panic"],
  ],
  ["detectors are a standard VM's own business", { line: "softlockup_panic=1", guest: STANDARD }, []],

  ["a crash kernel", { line: "crashkernel=auto" }, ["warning tuning.crash-kernel kernelArgs.crashkernel"]],
  ["a crash kernel of nothing", { line: "crashkernel=256M crashkernel=0" }, []],
  ["a crash kernel in a standard VM", { line: "crashkernel=auto", guest: STANDARD }, []],
  ["an initramfs that resets", { line: "rd.emergency=reboot" }, ["refusal tuning.emergency kernelArgs.rd.emergency"]],
  ["one that powers off", { line: "rd.emergency=reboot rd.emergency=poweroff" }, []],

  // the machine
  ["nox2apic", { line: "nox2apic" }, ["refusal tuning.x2apic kernelArgs.nox2apic"]],
  ["nox2apic in a standard VM", { line: "nox2apic", guest: STANDARD }, []],
  ["xAPIC mode", { guest: { x2apicMode: known(false) } }, ["warning tuning.x2apic kernelArgs.nox2apic"]],
  [
    "a flag is no mode",
    { guest: { x2apicMode: unknown("the log is gone"), x2apicCapable: known(true) } },
    ["note tuning.x2apic kernelArgs.nox2apic"],
  ],
  ["a TSC offset", { guest: { tscOffset: known("not zero") } }, ["warning tuning.tsc-offset guest"]],
  ["one that was not checked", { guest: { tscOffset: unknown("no msr module") } }, ["note tuning.tsc-offset guest"]],
  ["no PREEMPT_RT", { guest: { preemptRt: known(false) } }, ["warning tuning.preempt-rt profile"]],
  ["Xenomai needs none", { guest: { preemptRt: known(false) }, xenomai: true }, []],
  [
    "an IOMMU that a guest does not see",
    { line: "intel_iommu=on iommu=off" },
    ["warning tuning.host-only kernelArgs.intel_iommu"],
  ],
  ["a way to use one", { line: "iommu=pt" }, ["warning tuning.host-only kernelArgs.iommu"]],
  [
    "KVM's own",
    { line: "kvm-intel.ple_gap=0 no-kvmclock" },
    ["warning tuning.host-only kernelArgs.kvm-intel.ple_gap", "warning tuning.host-only kernelArgs.no-kvmclock"],
  ],
  ["they are right on a host", { line: "intel_iommu=on kvm.halt_poll_ns=0", guest: STANDARD }, []],
];

describe("rules of a tuning", () => {
  for (const [title, input, said] of rows)
    it(title, () => {
      const found = checkTuning(inputOf(input));
      assert.deepEqual(
        found.map(({ severity, code, property }) => `${severity} ${code} ${property}`),
        said,
      );
      assertSpoken(found);
    });

  it("a CPU that cannot have x2APIC mode is named as the reason", () => {
    const said = (capable: boolean) =>
      checkTuning(inputOf({ guest: { x2apicMode: known(false), x2apicCapable: known(capable) } })).map(
        (each) => each.message,
      );
    assert.match(said(false).join(), /the CPU does not offer it/);
    assert.doesNotMatch(said(true).join(), /the CPU does not offer it/);
  });

  it("what could not be checked is said, and refuses nothing", () => {
    const found = checkTuning(inputOf({ guest: DARK }));
    assert.deepEqual(
      found.map(({ severity, code }) => `${severity} ${code}`),
      ["note tuning.watchdog", "note tuning.x2apic", "note tuning.tsc-offset"],
    );
    for (const { message } of found) assert.match(message, /not checked: a folder/);
  });

  it("profiles of ours pass their own rules, in a real-time VM and elsewhere", () => {
    const none = unknown("");
    for (const profile of ["acrn-tips", "acrn-tips+rt", "xenomai"])
      for (const guest of [GOOD, { ...GOOD, ...STANDARD }]) {
        const input = inputOf({ guest });
        const settled = settle({ profile }, input.cpus, { sysctls: none, units: none, knobs: none });
        const line = ofKind(settled, "kernelArg").flatMap(({ key, value }) => (value === null ? [] : [{ key, value }]));
        const sysctls = new Map(ofKind(settled, "sysctl").map(({ key, value }) => [key, String(value)]));
        const knobs = new Map(ofKind(settled, "runtime").map(({ key, value }) => [key, String(value)]));
        assert.deepEqual(checkTuning({ ...input, line, sysctls, knobs }), [], profile);
      }
  });

  it("a guest that runs with fewer CPUs than its partition gives waits, and lists by hand do not", () => {
    const cpus = { rt: [2, 3], housekeeping: [0, 1] };
    const two = { cpus: known([0, 1]) };
    assert.match(waitsForCpus(cpus, false, two) ?? "", /runs with CPU 0-1 and its partition also gives it CPU 2-3/);
    assert.equal(waitsForCpus(cpus, true, two), undefined);
    assert.equal(waitsForCpus(cpus, false, { cpus: known([0, 1, 2, 3]) }), undefined);
    assert.equal(waitsForCpus(cpus, false, { cpus: unknown("off") }), undefined);
  });
});
