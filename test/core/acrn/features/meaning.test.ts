import assert from "node:assert/strict";
import { meantBy, valueFrom } from "../../../../provider/core/acrn/features/meaning";
import {
  FEATURE_NAMES,
  FEATURES,
  type FeatureName,
  type FeatureValue,
} from "../../../../provider/core/acrn/features/table";
import { VERSIONS } from "../../../../provider/core/acrn/features/versions";
import { HV_LEAVES } from "../../../../provider/core/acrn/scenario/hv-leaves";
import type { FieldValue } from "../../../../provider/core/claims/types";

const of = (...versions: string[]) => ({ versions, evidence: ["so it is"] });
const F = "hv/FEATURES";

/** What an option is in a version, in the tests' own words: read off the schemas of the tags, not off the table. */
const rows: [FeatureName, FeatureValue, Record<string, [path: string, value: FieldValue] | undefined>][] = [
  ["scheduler", "noop", { "2.0": [`${F}/SCHEDULER`, "SCHED_NOOP"], "3.3": [`${F}/SCHEDULER`, "SCHED_NOOP"] }],
  ["scheduler", "bvt", { "2.5": [`${F}/SCHEDULER`, "SCHED_BVT"] }],
  ["scheduler", "iorr", { "3.4": [`${F}/SCHEDULER`, "SCHED_IORR"] }],
  [
    "scheduler",
    "prio",
    { "2.6": undefined, "2.7": [`${F}/SCHEDULER`, "SCHED_PRIO"], "3.0": [`${F}/SCHEDULER`, "SCHED_PRIO"] },
  ],
  [
    "splitLockDetection",
    true,
    {
      "2.3": undefined,
      "2.5": [`${F}/ENFORCE_TURNOFF_AC`, false],
      "3.0": [`${F}/ENFORCE_TURNOFF_AC`, false],
      "3.1": [`${F}/SPLIT_LOCK_DETECTION_ENABLED`, true],
    },
  ],
  [
    "ucLockDetection",
    false,
    {
      "2.5": undefined,
      "2.6": [`${F}/ENFORCE_TURNOFF_GP`, true],
      "3.0": [`${F}/ENFORCE_TURNOFF_GP`, true],
      "3.3": [`${F}/UC_LOCK_DETECTION_ENABLED`, false],
    },
  ],
  [
    "mcePageSizeWorkaround",
    "off",
    {
      "2.0": [`${F}/MCE_ON_PSC_DISABLED`, true],
      "3.0": [`${F}/MCE_ON_PSC_DISABLED`, true],
      "3.1": [`${F}/MCE_ON_PSC_ENABLED`, false],
      "3.4": [`${F}/MCE_ON_PSC_ENABLED`, false],
    },
  ],
  [
    "mcePageSizeWorkaround",
    "on",
    { "3.0": [`${F}/MCE_ON_PSC_DISABLED`, false], "3.1": [`${F}/MCE_ON_PSC_ENABLED`, true] },
  ],
  [
    "cpuPerformancePolicy",
    "nominal",
    { "2.7": undefined, "3.1": undefined, "3.2": [`${F}/CPU_PERFORMANCE_POLICY`, "Nominal"] },
  ],
  ["cpuPerformancePolicy", "performance", { "3.3": [`${F}/CPU_PERFORMANCE_POLICY`, "Performance"] }],
  ["l1dFlushOnVmEntry", true, { "2.0": [`${F}/L1D_VMENTRY_ENABLED`, true], "3.4": [`${F}/L1D_VMENTRY_ENABLED`, true] }],
  ["keepIrqDisabled", true, { "2.7": undefined, "3.0": [`${F}/KEEP_IRQ_DISABLED`, true] }],
  ["serviceVmSupervisor", true, { "3.2": undefined, "3.3": [`${F}/SERVICE_VM_SUPERVISOR_ENABLED`, true] }],
  ["hyperv", false, { "2.0": [`${F}/HYPERV_ENABLED`, false], "3.4": [`${F}/HYPERV_ENABLED`, false] }],
  ["iommuEnforceSnoop", true, { "2.5": [`${F}/IOMMU_ENFORCE_SNP`, true] }],
  ["buildType", "release", { "2.7": ["hv/DEBUG_OPTIONS/RELEASE", true], "3.0": ["hv/BUILD_TYPE", "release"] }],
  ["buildType", "debug", { "2.0": ["hv/DEBUG_OPTIONS/RELEASE", false], "3.4": ["hv/BUILD_TYPE", "debug"] }],
];

describe("features: what an option is in a version", () => {
  for (const [name, value, versions] of rows)
    for (const [version, expected] of Object.entries(versions))
      it(`${name} ${value} in ${version}`, () => {
        const meant = meantBy(name, value, of(version));
        if (expected) {
          assert.ok("meaning" in meant, JSON.stringify(meant));
          assert.deepEqual([meant.meaning.path, meant.meaning.values[String(value)]], expected);
        } else assert.ok("lacks" in meant);
      });

  it("one that a version lacks names those that have it", () => {
    const meant = meantBy("serviceVmSupervisor", true, of("3.1"));
    assert.match(
      "lacks" in meant ? meant.lacks : "",
      /^ACRN 3\.1 has no serviceVmSupervisor: 3\.3 and later has it \(so it is\)$/,
    );
    const word = meantBy("scheduler", "prio", of("2.0", "2.1"));
    assert.match("lacks" in word ? word.lacks : "", /ACRN 2\.0 to 2\.1 has no scheduler: "prio": 2\.7 and later/);
  });

  it("what depends on a version that is not told asks for it", () => {
    const meant = meantBy("mcePageSizeWorkaround", "off", of("3.0", "3.1"));
    assert.match("lacks" in meant ? meant.hint : "", /acrnVersion/);
    assert.match("lacks" in meant ? meant.lacks : "", /can be 3\.0, 3\.1/);
    assert.ok("lacks" in meantBy("serviceVmSupervisor", true, of("3.2", "3.3")));
    assert.ok("meaning" in meantBy("hyperv", true, of("2.7", "3.0")));
    assert.ok("meaning" in meantBy("scheduler", "noop", of("2.6", "2.7")), "the same element in both");
    const none = meantBy("hyperv", true, of());
    assert.match("lacks" in none ? none.lacks : "", /cannot be told: so it is/);
  });

  it("every element of the table is a field, and a value of it reads back as ours", () => {
    for (const name of FEATURE_NAMES)
      for (const { path, values } of FEATURES[name]) {
        assert.ok(HV_LEAVES.has(path), path);
        for (const [ours, theirs] of Object.entries(values)) assert.equal(String(valueFrom(name, path, theirs)), ours);
      }
    assert.equal(valueFrom("scheduler", `${F}/SCHEDULER`, "SCHED_RR"), undefined);
    assert.equal(valueFrom("scheduler", "hv/ELSE", "SCHED_BVT"), undefined);
  });

  it("no version has two elements for one option", () => {
    for (const name of FEATURE_NAMES)
      for (const version of VERSIONS)
        for (const value of new Set(FEATURES[name].flatMap(({ values }) => Object.keys(values)))) {
          const at = FEATURES[name].filter(
            ({ since, until, values }) =>
              value in values &&
              VERSIONS.indexOf(version) >= VERSIONS.indexOf(since as never) &&
              (until === undefined || VERSIONS.indexOf(version) <= VERSIONS.indexOf(until as never)),
          );
          assert.ok(at.length <= 1, `${name} in ${version}`);
        }
  });
});
