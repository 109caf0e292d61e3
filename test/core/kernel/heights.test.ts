import assert from "node:assert/strict";
import type { FieldValue } from "../../../provider/core/claims/types";
import { getParam } from "../../../provider/core/kernel/cmdline";
import { heightsOf, type KernelLines, linesOf, type ParamHeights } from "../../../provider/core/kernel/heights";
import { type BootPlace, findBootPlace } from "../../../provider/core/kernel/loader";
import { debian, machine, rhel } from "./machines";

const at = (written: string | undefined, generated?: string, running?: string): KernelLines => ({
  ...(written === undefined ? {} : { written: (key: string) => getParam(written, key) }),
  ...(generated === undefined ? {} : { generated }),
  ...(running === undefined ? {} : { running }),
});

describe("kernel parameters at their heights", () => {
  const ROWS: [
    what: string,
    key: string,
    value: FieldValue,
    lines: KernelLines,
    state: ParamHeights["state"],
    needs?: string,
  ][] = [
    ["all agree", "a", "1", at("a=1", "a=1", "a=1"), "active"],
    [
      "a list in another spelling",
      "isolcpus",
      "nohz,domain,2-3",
      at("isolcpus=domain,nohz,2,3", "isolcpus=nohz,domain,3,2", "isolcpus=nohz,domain,2-3"),
      "active",
    ],
    ["absence", "a", null, at("b", "b", "b"), "active"],
    ["not written", "a", "1", at("", "a=1", "a=1"), "pending", "write"],
    ["written only", "a", "1", at("a=1", "", ""), "pending", "regenerate"],
    ["not running", "a", "1", at("a=1", "a=1", "a=2"), "pending", "boot"],
    ["gone, and running still", "a", null, at("", "", "a"), "pending", "boot"],
    ["no generated file", "a", "1", at("a=1", undefined, ""), "pending", "boot"],
    ["a place without a file", "a", "1", at(undefined, undefined, "a=1"), "active"],
    ["a folder", "a", "1", at("a=1", "a=1"), "unknown"],
    ["a line that is full", "a", "1", at("a=1", "a=1", `${"x".repeat(2047)}\n`), "unknown"],
    ["something else gives it too", "a", "1", at("a=1", "a=9 a=1", "a=9 a=1"), "pending", "elsewhere"],
    ["something else gives what is to go", "a", null, at("", "a=9", "a=9"), "pending", "elsewhere"],
    [
      "something else gives it before, and the last counts",
      "rcu_nocbs",
      "1",
      at("rcu_nocbs=1", "rcu_nocbs=9 rcu_nocbs=1", "rcu_nocbs=9 rcu_nocbs=1"),
      "active",
    ],
    [
      "something else gives it behind, and adds what ours left open",
      "isolcpus",
      "1",
      at("isolcpus=1", "isolcpus=1 isolcpus=nohz,9"),
      "pending",
      "elsewhere",
    ],
    [
      "something else gives it before, and the first counts",
      "isolcpus",
      "1",
      at("isolcpus=1", "isolcpus=9 isolcpus=1"),
      "pending",
      "elsewhere",
    ],
    ["spelled with hyphens", "rcu-nocb-poll", true, at("rcu_nocb_poll", "rcu-nocb-poll", "rcu_nocb_poll"), "active"],
    ["behind --", "a", "1", at("a=1", "a=1", "x -- a=1"), "pending", "boot"],
  ];
  for (const [what, key, value, lines, state, needs] of ROWS)
    it(what, () => {
      const [one] = heightsOf({ [key]: value }, lines);
      assert.deepEqual([one?.state, one?.needs], [state, needs]);
      assert.equal(one?.why !== undefined, state === "unknown");
    });

  it("says what is there at each height, in the order of the keys", () => {
    assert.deepEqual(heightsOf({ b: "2", a: 1 }, at("a=1 b=2", "a=1", "c")), [
      { key: "a", declared: "1", written: "1", generated: "1", running: null, state: "pending", needs: "boot" },
      { key: "b", declared: "2", written: "2", generated: null, running: null, state: "pending", needs: "regenerate" },
    ]);
  });

  const states = (evidence: ReturnType<typeof machine>) => {
    const place = findBootPlace(evidence) as BootPlace;
    return heightsOf({ isolcpus: "2", quiet: true }, linesOf(evidence, place)).map(
      ({ state, needs }) => needs ?? state,
    );
  };
  const D = 'GRUB_CMDLINE_LINUX_DEFAULT="quiet isolcpus=2"\n';

  it("reads them off a machine: grub.cfg and what runs", () => {
    assert.deepEqual(states(machine(debian(D), { running: "quiet\n" })), ["regenerate", "active"]);
    assert.deepEqual(states(machine(debian(D, "quiet isolcpus=2"), { running: "quiet\n" })), ["boot", "active"]);
    assert.deepEqual(states(machine(debian(D, "quiet isolcpus=2"))), ["unknown", "unknown"]);
    assert.deepEqual(states(machine(debian(), { running: "quiet isolcpus=2" })), ["write", "active"]);
  });

  it("reads them off entries, and where only a command tells", () => {
    assert.deepEqual(states(machine(rhel("ro isolcpus=2"), { running: "isolcpus=2 quiet" })), ["active", "write"]);
    const ostree = machine({}, { ostree: true, commands: new Set(["rpm-ostree"]), running: "isolcpus=2" });
    assert.deepEqual(states(ostree), ["active", "boot"]);
  });
});
