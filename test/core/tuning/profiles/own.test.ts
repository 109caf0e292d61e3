import assert from "node:assert/strict";
import { unknown } from "../../../../provider/core/tuning/fact";
import { chainOf } from "../../../../provider/core/tuning/profiles/catalog";
import { ofKind, settle, type Wanted } from "../../../../provider/core/tuning/profiles/settle";
import type { CpuLists, Profile, ProfileFacts } from "../../../../provider/core/tuning/profiles/types";

const SEED: CpuLists = { rt: [1], housekeeping: [0] };
const nothing = unknown("a folder does not run");
const ANY: ProfileFacts = { sysctls: nothing, units: nothing, knobs: nothing };

function line(wanted: Wanted, cpus = SEED): string {
  const args = ofKind(settle(wanted, cpus, ANY), "kernelArg");
  return args.map(({ key, value }) => (value === true ? key : `${key}=${value}`)).join(" ");
}

describe("profiles of one's own", () => {
  const mine: Profile = {
    name: "mine",
    base: "acrn-tips+rt",
    summary: "ours",
    entries: [{ what: "kernelArg", key: "isolcpus", value: "domain,{rt}", reason: "no nohz here", source: "us" }],
  };

  it("are built on ours, and remember all that they replaced", () => {
    const { settings } = settle({ profile: mine }, SEED, ANY);
    assert.equal(settings[0]?.value, "domain,1");
    assert.deepEqual(settings[0]?.over, [
      { from: "profile acrn-tips+rt", value: "managed_irq,nohz,domain,{rt}" },
      { from: "profile acrn-tips", value: "nohz,domain,{rt}" },
    ]);
  });

  it("may be built on another one's own", () => {
    const top: Profile = { name: "top", base: "mine", summary: "", entries: [] };
    assert.deepEqual(
      chainOf(top, [mine]).map(({ name }) => name),
      ["acrn-tips", "acrn-tips+rt", "mine", "top"],
    );
  });

  const bad: [string, Wanted, string][] = [
    ["a name that nobody has", { profile: "fast" }, "tuning.profile"],
    ["a base that nobody has", { profile: { ...mine, base: "fast" } }, "tuning.profile"],
    [
      "a circle",
      {
        profile: "a",
        profiles: [
          { name: "a", base: "b", summary: "", entries: [] },
          { name: "b", base: "a", summary: "", entries: [] },
        ],
      },
      "tuning.profile",
    ],
    ["a placeholder that stands for nothing", { overrides: { kernelArgs: { x: "{cpus}" } } }, "tuning.placeholder"],
    ["an inherited name of objects", { overrides: { kernelArgs: { x: "{constructor}" } } }, "tuning.placeholder"],
    ["two words in one argument", { overrides: { kernelArgs: { x: "a b" } } }, "tuning.entry"],
    ["a line break in a sysctl", { overrides: { sysctls: { "kernel.x": "1\nkernel.y=2" } } }, "tuning.entry"],
    ["a sysctl without a value", { overrides: { sysctls: { "kernel.x": true } } }, "tuning.entry"],
    ["a pattern as a sysctl", { overrides: { sysctls: { "net.*": "1" } } }, "tuning.entry"],
    ["a unit that is a path", { overrides: { services: { "../x.service": "masked" } } }, "tuning.entry"],
    ["a unit that is started", { overrides: { services: { "x.service": "enabled" } } }, "tuning.entry"],
    ["a unit without its kind", { overrides: { services: { rsyslog: "masked" } } }, "tuning.entry"],
    ["the way in", { overrides: { services: { "ssh.service": "masked" } } }, "tuning.service.needed"],
    ["a knob that nobody knows", { overrides: { runtime: { ksm: "0" } } }, "tuning.entry"],
    ["a shell's word as a knob", { overrides: { runtime: { irq_affinity: "$(reboot)" } } }, "tuning.entry"],
  ];
  for (const [title, wanted, code] of bad)
    it(`${title} is refused`, () => assert.throws(() => settle(wanted, SEED, ANY), { code }));

  it("a guest without RT CPUs, and one whose RT CPUs no 64 bits hold, are refused", () => {
    assert.throws(() => settle({}, { rt: [], housekeeping: [0] }, ANY), /the guest has no RT CPU\n/);
    assert.throws(() => settle({ profile: "acrn-tips+rt" }, { rt: [1], housekeeping: [] }, ANY), {
      code: "tuning.cpu-list",
    });
    assert.throws(() => settle({ profile: "xenomai" }, { rt: [64], housekeeping: [0] }, ANY), {
      code: "tuning.cpu-list",
    });
    assert.match(line({ profile: "xenomai" }, { rt: [63], housekeeping: [0] }), /supported_cpus=0x8000000000000000 /);
  });
});
