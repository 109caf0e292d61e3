import assert from "node:assert/strict";
import { known, unknown } from "../../../../provider/core/tuning/fact";
import { chainOf, layerOfChain, PROFILES } from "../../../../provider/core/tuning/profiles/catalog";
import { checkEntry } from "../../../../provider/core/tuning/profiles/entry-rules";
import { OFFERED } from "../../../../provider/core/tuning/profiles/offered";
import { ofKind, settle, type Wanted } from "../../../../provider/core/tuning/profiles/settle";
import type { CpuLists, ProfileFacts } from "../../../../provider/core/tuning/profiles/types";
import { LOGGING_UNITS } from "../../../../provider/core/tuning/services/logging";

/** "a dual-core RTVM, while core 0 is a housekeeping core and core 1 is a real-time core". */
const SEED: CpuLists = { rt: [1], housekeeping: [0] };
const FOUR: CpuLists = { rt: [2, 3], housekeeping: [0, 1] };

const nothing = unknown("a folder does not run");
const ANY: ProfileFacts = { sysctls: nothing, units: nothing, knobs: nothing };

function line(wanted: Wanted, cpus = SEED): string {
  const args = ofKind(settle(wanted, cpus, ANY), "kernelArg");
  return args.map(({ key, value }) => (value === true ? key : `${key}=${value}`)).join(" ");
}

describe("profiles", () => {
  it("acrn-tips, with the numbers of the tips page, is its command line", () =>
    assert.equal(
      line({}),
      "isolcpus=nohz,domain,1 idle=poll rcu_nocbs=1 rcu_nocb_poll mce=off processor.max_cstate=0 intel_idle.max_cstate=0 intel_pstate=disable",
    ));

  it("acrn-tips is T10 to T13 and T17 to T19, and nothing else", () => {
    const { settings } = settle({}, SEED, ANY);
    const tips = new Set(settings.map(({ tip }) => tip));
    assert.deepEqual([...tips].sort(), ["T10", "T11", "T12", "T13", "T17", "T18", "T19"]);
    assert.deepEqual(ofKind({ settings, leftOut: [] }, "sysctl"), [{ key: "kernel.timer_migration", value: "0" }]);
    const units = ofKind({ settings, leftOut: [] }, "service");
    assert.deepEqual(
      units,
      LOGGING_UNITS.map(({ unit }) => ({ key: unit, value: "masked" })),
    );
    assert.deepEqual(ofKind({ settings, leftOut: [] }, "runtime"), []);
  });

  it("acrn-tips+rt adds the agreed rows, in the first one's place where both have a key", () =>
    assert.equal(
      line({ profile: "acrn-tips+rt" }, FOUR),
      "isolcpus=managed_irq,nohz,domain,2-3 idle=poll rcu_nocbs=2-3 rcu_nocb_poll mce=off processor.max_cstate=0 " +
        "intel_idle.max_cstate=0 intel_pstate=disable nohz_full=2-3 irqaffinity=0-1 skew_tick=1 tsc=reliable " +
        "clocksource=tsc nosoftlockup nmi_watchdog=0",
    ));

  it("acrn-tips+rt sets masks of the housekeeping CPUs at run time", () =>
    assert.deepEqual(ofKind(settle({ profile: "acrn-tips+rt" }, FOUR, ANY), "runtime"), [
      { key: "transparent_hugepage", value: "never" },
      { key: "workqueue_cpumask", value: "3" },
      { key: "writeback_cpumask", value: "3" },
    ]));

  it("xenomai says its CPUs as bits, and what differs", () => {
    assert.match(line({ profile: "xenomai" }), / intel_pstate=disable xenomai\.supported_cpus=0x2 irqaffinity=0$/);
    assert.ok((PROFILES.find(({ name }) => name === "xenomai")?.differences ?? []).length > 0);
  });

  it("every entry has one reason on one line, and a source, and can be written", () => {
    for (const { name, entries } of [...PROFILES, { name: "offered", entries: OFFERED }])
      for (const entry of entries) {
        const where = `${name} ${entry.key}`;
        assert.ok(entry.reason.length > 10 && !entry.reason.includes("\n"), where);
        assert.ok(entry.source.length > 3, where);
        checkEntry(entry, where);
      }
  });

  it("nothing that is only offered is set by a profile of ours to the value that is offered", () => {
    for (const profile of PROFILES)
      for (const said of layerOfChain(chainOf(profile)).values())
        for (const offer of OFFERED)
          assert.ok(
            said.what !== offer.what || said.key !== offer.key || said.value !== offer.value,
            `${profile.name} ${said.key}`,
          );
  });

  it("what is offered has each key and value once", () => {
    const ids = OFFERED.map(({ what, key, value }) => `${what} ${key} ${value}`);
    assert.equal(new Set(ids).size, ids.length);
  });

  it("what the guest lacks is left out with the reason, and only that", () => {
    const facts: ProfileFacts = {
      sysctls: known(new Set(["kernel.timer_migration"])),
      units: known(new Set(["systemd-journald.service"])),
      knobs: known(new Set(["workqueue_cpumask"])),
    };
    const { settings, leftOut } = settle({ profile: "acrn-tips+rt" }, SEED, facts);
    assert.deepEqual(
      settings.filter(({ what }) => what !== "kernelArg").map(({ key }) => key),
      ["kernel.timer_migration", "systemd-journald.service", "vm.stat_interval", "workqueue_cpumask"],
    );
    assert.equal(
      leftOut.find(({ key }) => key === "kernel.numa_balancing")?.why,
      "the guest has none (PREEMPT_RT kernels have none)",
    );
    // no ifThere: it is claimed, and its absence is seen when it is set
    assert.ok(settings.some(({ key }) => key === "vm.stat_interval"));
  });
});

describe("overrides", () => {
  it("a value replaces, null takes away, false leaves alone, and each knows where it comes from", () => {
    const { settings, leftOut } = settle(
      { overrides: { kernelArgs: { mce: "ignore_ce", quiet: null, idle: false, nosmt: true, audit: 0 } } },
      SEED,
      ANY,
    );
    const of = (key: string) => settings.find((each) => each.key === key);
    assert.equal(of("mce")?.value, "ignore_ce");
    assert.equal(of("mce")?.from, "kernelArgs.mce");
    assert.deepEqual(of("mce")?.over, [{ from: "profile acrn-tips", value: "off" }]);
    assert.equal(of("quiet")?.value, null);
    assert.equal(of("nosmt")?.value, true);
    assert.equal(of("audit")?.value, "0");
    assert.match(of("audit")?.reason ?? "", /audit records/, "what is offered keeps its reason");
    assert.equal(of("idle"), undefined);
    assert.deepEqual(leftOut, [
      { what: "kernelArg", key: "idle", from: "kernelArgs.idle", why: "the program leaves it as it is" },
    ]);
  });

  it("only a kernel argument is taken away: elsewhere null and false say the same", () => {
    const overrides = { sysctls: { "kernel.timer_migration": null }, services: { "rsyslog.service": null } };
    const { settings, leftOut } = settle({ overrides }, SEED, ANY);
    assert.deepEqual(
      leftOut.map(({ key }) => key),
      ["kernel.timer_migration", "rsyslog.service"],
    );
    assert.ok(settings.every(({ value }) => value !== null));
  });

  it("a key is the same key, whichever way it is written", () => {
    const overrides = { kernelArgs: { "rcu-nocb-poll": false as const }, sysctls: { "kernel/timer_migration": 1 } };
    const { settings, leftOut } = settle({ overrides }, SEED, ANY);
    assert.deepEqual(
      leftOut.map(({ key }) => key),
      ["rcu-nocb-poll"],
    );
    assert.ok(!settings.some(({ key }) => key === "rcu_nocb_poll"));
    assert.deepEqual(ofKind({ settings, leftOut }, "sysctl"), [{ key: "kernel/timer_migration", value: "1" }]);
  });

  it("placeholders hold in overrides", () =>
    assert.match(line({ overrides: { kernelArgs: { kthread_cpus: "{housekeeping}" } } }, FOUR), / kthread_cpus=0-1$/));
});
