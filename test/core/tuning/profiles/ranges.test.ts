import assert from "node:assert/strict";
import fc from "fast-check";
import { parseCpuList } from "../../../../provider/core/hardware/cpu-set";
import { getParam, setParam } from "../../../../provider/core/kernel/cmdline";
import { checkTuning } from "../../../../provider/core/tuning/checks";
import { readCpuListArgument } from "../../../../provider/core/tuning/checks/cpu-list-argument";
import { parseCpuMask } from "../../../../provider/core/tuning/cpu-mask";
import { known } from "../../../../provider/core/tuning/fact";
import { PROFILES } from "../../../../provider/core/tuning/profiles/catalog";
import { OFFERED } from "../../../../provider/core/tuning/profiles/offered";
import { settle } from "../../../../provider/core/tuning/profiles/settle";
import type { Profile, Setting } from "../../../../provider/core/tuning/profiles/types";
import { inputOf } from "../checks/guest";

const NONE = known(new Set(["transparent_hugepage", "workqueue_cpumask", "writeback_cpumask", "irq_affinity"]));
const FACTS = { sysctls: NONE, units: NONE, knobs: NONE };

/** What a setting with CPUs in its value names. */
function cpusOf({ what, key, value }: Setting): number[] | undefined {
  if (what === "runtime" && /_cpumask$|^irq_affinity$/.test(key)) return parseCpuMask(String(value));
  if (key === "xenomai.supported_cpus")
    return parseCpuMask(
      String(value)
        .slice(2)
        .replace(/(?=(?:.{8})+$)(?!^)/g, ","),
    );
  if (what !== "kernelArg" || !/^(?:isolcpus|nohz_full|rcu_nocbs|irqaffinity|kthread_cpus)$/.test(key))
    return undefined;
  return readCpuListArgument(String(value)).cpus;
}

/** Any split of some CPUs in two. */
const lists = fc
  .uniqueArray(fc.nat(63), { minLength: 2, maxLength: 40 })
  .chain((ids) => fc.nat(ids.length - 2).map((cut) => [ids.slice(0, cut + 1), ids.slice(cut + 1)] as const))
  .map(([rt, housekeeping]) => ({ rt: rt.sort(ascending), housekeeping: housekeeping.sort(ascending) }));

function ascending(a: number, b: number): number {
  return a - b;
}

describe("a range of CPUs", () => {
  const everything: Profile = { name: "all", base: "acrn-tips+rt", summary: "x", entries: OFFERED };
  for (const profile of [...PROFILES, everything])
    it(`${profile.name}: each list and mask names the RT CPUs, or the housekeeping ones, and no other CPU`, () => {
      fc.assert(
        fc.property(lists, (cpus) => {
          const { settings } = settle({ profile }, cpus, FACTS);
          const found = settings.flatMap((setting) => {
            const named = cpusOf(setting);
            return named === undefined ? [] : [[setting.key, named] as const];
          });
          assert.ok(found.length >= 2);
          for (const [key, named] of found)
            assert.deepEqual(named, /^irq|kthread|cpumask/.test(key) ? cpus.housekeeping : cpus.rt, key);
        }),
      );
    });

  for (const value of ["4-N", "domain,4-N", "N", "all", "0-15:2/4"])
    it(`${value} is taken as it is written, never as all CPUs, and is refused`, () => {
      for (const key of ["isolcpus", "nohz_full"]) {
        const { settings } = settle(
          { overrides: { kernelArgs: { [key]: value } } },
          { rt: [1], housekeeping: [0] },
          FACTS,
        );
        assert.equal(settings.find((each) => each.key === key)?.value, value);
        assert.equal(getParam(setParam("quiet", key, value), key), value);
        assert.throws(() => parseCpuList(value), { code: "cpu-list.syntax" });
        const [finding] = checkTuning(inputOf({ line: `${key}=${value}` }));
        assert.deepEqual([finding?.severity, finding?.code], ["refusal", "tuning.cpu-list-range"]);
      }
    });
});
