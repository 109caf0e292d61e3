import assert from "node:assert/strict";
import { planResource } from "../../provider/converge/plan-resource";
import { AcrnError } from "../../provider/core/errors";
import { takeAlone } from "../../provider/resources/alone";
import { rtVmKind } from "../../provider/resources/rt-vm";
import type { RtVmArgs } from "../../provider/resources/rt-vm/schema";
import { HOME, hostOf } from "./rt-vm.rules-host";

const said = (args: Record<string, unknown>): RtVmArgs => {
  const name = (args.name as string | undefined) ?? "RT";
  return rtVmKind.schema.parse({ name, partition: { pcpus: { [name]: [2, 3] } }, ...args }) as RtVmArgs;
};

describe("RtVm: what it has for itself", () => {
  const own = (owned: string) => ({ script: { owned } });
  const ROWS: [what: string, one: Record<string, unknown>, two: Record<string, unknown>, property?: string][] = [
    ["one VM twice", {}, {}, "name"],
    ["one VM twice, with scripts of their own", own("/a.sh"), own("/b.sh"), "name"],
    ["one VM twice, pre-launched", { load: "pre-launched" }, { load: "pre-launched" }, "name"],
    ["one script for two VMs", own("/a.sh"), { name: "TWO", ...own("/a.sh") }, "script.owned"],
    ["one script, written in two ways", own("/a/b.sh"), { name: "TWO", ...own("/a//./b.sh") }, "script.owned"],
    ["owned and edited", own(HOME), { name: "TWO", script: { edited: HOME } }, "script.edited"],
    ["two VMs with their own", own("/a.sh"), { name: "TWO", ...own("/b.sh") }],
    ["two VMs, nothing said", {}, { name: "TWO" }],
  ];
  for (const [what, one, two, property] of ROWS)
    it(`${what}: ${property === undefined ? "accepted" : `refused on ${property}`}`, () => {
      const taken = new Map<string, string>();
      const take = (who: string, args: Record<string, unknown>) =>
        takeAlone(taken, who, rtVmKind.alone?.(said(args)) ?? []);
      take("first", one);
      take("first", one); // checked again
      if (property === undefined) return take("second", two);
      assert.throws(
        () => take("second", two),
        (error: AcrnError) => error.property === property && error.message.includes("first's already"),
      );
    });

  it("what a resource named before under other arguments is free", () => {
    const taken = new Map<string, string>();
    takeAlone(taken, "first", rtVmKind.alone?.(said(own("/a.sh"))) ?? []);
    takeAlone(taken, "first", rtVmKind.alone?.(said({ name: "TWO", ...own("/b.sh") })) ?? []);
    takeAlone(taken, "second", rtVmKind.alone?.(said(own("/a.sh"))) ?? []);
    assert.deepEqual([...new Set(taken.values())], ["first", "second"]);
  });
});

describe("RtVm: a script that another stack has", () => {
  const declare = (stack: string, args: RtVmArgs, memory = hostOf({})) => ({
    memory,
    planned: planResource(
      memory.draft(),
      rtVmKind,
      { stack, kind: "RtVm", urns: [`urn:${stack}`] },
      args,
      `id ${stack}`,
    ),
  });
  const theirs = () => {
    const { memory, planned } = declare("other", said({ script: { owned: HOME } }));
    memory.apply(planned);
    return memory;
  };

  it("is refused for another VM, and the other claimant is named", () => {
    const two = said({ name: "NEW", script: { owned: HOME } });
    const [refused, ...more] = declare("mine", two, theirs()).planned.refusals;
    assert.deepEqual([refused?.code, refused?.property, more], ["rtvm.script-taken", "script.owned", []]);
    assert.match(refused?.message ?? "", /rt\.sh is the launch script of RT already: urn:other of stack other$/);
  });

  it("is accepted for the same VM, with the same values: both hold them", () => {
    assert.deepEqual(declare("mine", said({ script: { owned: HOME } }), theirs()).planned.refusals, []);
  });

  it("is no matter where the other one is of this stack: it may be about to go", () => {
    const two = said({ name: "NEW", script: { owned: HOME } });
    const memory = theirs();
    const who = { stack: "other", kind: "RtVm", urns: ["urn:renamed"] };
    assert.deepEqual(planResource(memory.draft(), rtVmKind, who, two, "id2").refusals, []);
  });

  it("for another VM with other values, the claims would tell too", () => {
    assert.throws(
      () => declare("mine", said({ script: { owned: HOME }, memory: "2G" }), theirs()),
      (error: unknown) => error instanceof AcrnError && error.code === "claim.other-stack",
    );
  });
});
