import assert from "node:assert/strict";
import { explainProfile, explainSettled } from "../../../provider/core/tuning/explain";
import { known, unknown } from "../../../provider/core/tuning/fact";
import { chainOf, layerOfChain, PROFILES } from "../../../provider/core/tuning/profiles/catalog";
import { OFFERED } from "../../../provider/core/tuning/profiles/offered";
import { settle } from "../../../provider/core/tuning/profiles/settle";

describe("what a profile would set, for people", () => {
  for (const { name, differences } of PROFILES)
    it(`${name}: every entry with its reason and source, what is offered, and what differs`, () => {
      const lines = explainProfile(name);
      const text = lines.join("\n");
      for (const said of [...layerOfChain(chainOf(name)).values(), ...OFFERED]) {
        const head =
          said.value === true
            ? said.key
            : `${said.key}${said.what === "kernelArg" ? "=" : said.what === "service" ? ": " : " = "}${said.value}`;
        const at = lines.findIndex((line) => line === `  ${head}` || line.startsWith(`  ${head}  (`));
        assert.notEqual(at, -1, head);
        assert.ok(lines[at + 1]?.endsWith(said.reason), head);
        assert.equal(lines[at + 2], `      [${said.source}]`, head);
        if (said.tip) assert.ok(lines[at + 1]?.includes(`${said.tip}: `), head);
      }
      for (const each of differences ?? []) assert.ok(text.includes(`  ${each}`));
      assert.ok(lines.every((line) => !line.includes("\n") && !line.includes("undefined")));
    });

  it("tells its own from what it is built on, and what the masks of the log cost", () => {
    const lines = explainProfile("acrn-tips+rt");
    assert.ok(lines.includes("  idle=poll  (from profile acrn-tips)"));
    assert.ok(lines.includes("  isolcpus=managed_irq,nohz,domain,{rt}"));
    assert.ok(lines.some((line) => line.startsWith("Nothing of the guest is logged any more")));
    assert.equal(lines[0], "acrn-tips+rt: the tips, and what realtime profiles of others agree on");
  });

  it("a profile of one's own, with its own base", () => {
    const base = { name: "base", summary: "b", entries: [] };
    const lines = explainProfile({ name: "mine", base: "base", summary: "m", entries: [] }, [base]);
    assert.deepEqual(lines.slice(0, 2), ["mine: m", "Built on base. What differs:"]);
    assert.throws(() => explainProfile("none"), { code: "tuning.profile" });
  });
});

describe("what one guest is to have, for people", () => {
  it("values with the CPUs filled in, where they come from, and what is not set", () => {
    const settled = settle(
      {
        overrides: {
          kernelArgs: { mce: "ignore_ce", quiet: null, rcu_nocb_poll: false },
          sysctls: { "vm.swappiness": 10 },
        },
      },
      { rt: [1, 2], housekeeping: [0] },
      { sysctls: unknown("x"), units: known(new Set(["rsyslog.service"])), knobs: unknown("x") },
    );
    const lines = explainSettled(settled);
    for (const line of [
      "kernel arguments:",
      "  isolcpus=nohz,domain,1-2  (from profile acrn-tips)",
      "  mce=ignore_ce  (from kernelArgs.mce; profile acrn-tips said off)",
      "  quiet (taken away)  (from kernelArgs.quiet)",
      "  vm.swappiness = 10  (from sysctls.vm.swappiness)",
      "  rsyslog.service: masked  (from profile acrn-tips)",
      "not set:",
      "  rcu_nocb_poll: the program leaves it as it is  (from kernelArgs.rcu_nocb_poll)",
      "  mask of syslog-ng.service: the guest has none (where it was added)  (from profile acrn-tips)",
    ])
      assert.ok(lines.includes(line), `${line}\n${lines.join("\n")}`);
    assert.ok(!lines.includes("runtime knobs:"), "no head without anything below it");
  });

  it("nothing left out, no end", () => {
    const none = unknown("x");
    const settled = settle({}, { rt: [1], housekeeping: [0] }, { sysctls: none, units: none, knobs: none });
    assert.ok(!explainSettled(settled).includes("not set:"));
  });
});
