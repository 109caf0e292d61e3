import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  perfPolicyCfg,
  policyOfCfg,
  recordedPolicy,
  runningPolicy,
} from "../../../../provider/core/acrn/features/perf-policy";

/** What update-grub's shell has in the variable after our file, as 25_linux_acrn then puts it behind the record's word. */
function sourced(before: string | undefined, policy: "Performance" | "Nominal"): string {
  const script = `set -e\n${perfPolicyCfg(policy)}sh -c 'printf %s "$GRUB_CMDLINE_ACRN"'`;
  const env = { PATH: process.env.PATH ?? "", ...(before === undefined ? {} : { GRUB_CMDLINE_ACRN: before }) };
  return execFileSync("sh", ["-c", script], { env, encoding: "utf8" });
}

describe("features: the performance policy on the boot line", () => {
  const rows: [string | undefined, "Performance" | "Nominal", string][] = [
    [undefined, "Nominal", "cpu_perf_policy=Nominal"],
    ["", "Performance", "cpu_perf_policy=Performance"],
    ["uart=disabled", "Nominal", "uart=disabled cpu_perf_policy=Nominal"],
    ["cpu_perf_policy=Nominal", "Performance", "cpu_perf_policy=Performance"],
    ["a cpu_perf_policy=Nominal b", "Performance", "a b cpu_perf_policy=Performance"],
    ["cpu_perf_policy=Nominal a cpu_perf_policy=Nominal", "Performance", "a cpu_perf_policy=Performance"],
    ["a=\"$b\" 'c'", "Nominal", "a=\"$b\" 'c' cpu_perf_policy=Nominal"],
  ];
  for (const [before, policy, expected] of rows)
    it(`${before} and ${policy}`, () => assert.equal(sourced(before, policy), expected));

  it("reads its own file", () => {
    for (const policy of ["Performance", "Nominal"] as const) assert.equal(policyOfCfg(perfPolicyCfg(policy)), policy);
    assert.equal(policyOfCfg("# nothing\n"), undefined);
  });

  it("Nominal wins wherever it stands on the line", () => {
    assert.equal(runningPolicy("cpu_perf_policy=Nominal x cpu_perf_policy=Performance"), "Nominal");
    assert.equal(runningPolicy("cpu_perf_policy=Performance cpu_perf_policy=Nominal"), "Nominal");
    assert.equal(runningPolicy("quiet cpu_perf_policy=Performance"), "Performance");
    assert.equal(runningPolicy("quiet"), undefined);
    assert.equal(runningPolicy(undefined), undefined);
  });

  it("the record: Performance where it says nothing", () => {
    assert.equal(recordedPolicy("<CPU_PERFORMANCE_POLICY>Nominal</CPU_PERFORMANCE_POLICY>"), "Nominal");
    assert.equal(recordedPolicy("<CPU_PERFORMANCE_POLICY>Performance</CPU_PERFORMANCE_POLICY>"), "Performance");
    assert.equal(recordedPolicy("<hv/>"), "Performance");
    const inside = (text: string) => recordedPolicy(`<hv><FEATURES>${text}</FEATURES></hv>`);
    const nominal = "<CPU_PERFORMANCE_POLICY>Nominal</CPU_PERFORMANCE_POLICY>";
    assert.equal(inside(nominal), "Nominal");
    assert.equal(inside(`<!-- ${nominal} -->`), "Performance", "a comment is no element");
    assert.equal(inside(`<!-- ${nominal} -->${nominal.replace("Nominal", "Performance")}`), "Performance");
    assert.equal(inside("<CPU_PERFORMANCE_POLICY><!-- or Performance -->Nominal</CPU_PERFORMANCE_POLICY>"), "Nominal");
    assert.equal(inside(`<A>${nominal}`), "Performance", "xmllint says nothing of a file that it cannot parse");
  });
});
