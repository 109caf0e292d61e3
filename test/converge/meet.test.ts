import assert from "node:assert/strict";
import { forgetOthers, meet, type Way } from "../../provider/converge/meet";
import { machineKey, type Snapshot } from "../../provider/core/snapshot";

interface Fake extends Way {
  forgotten: number;
}

/** @param boots what it answers when it is asked now, one after the other, the last for ever; none: it does not answer */
const way = (address: string, ...boots: string[]): Fake => ({
  address,
  forgotten: 0,
  forget() {
    this.forgotten++;
  },
  async boot() {
    if (boots.length === 0) throw new Error("it does not answer");
    return boots.length > 1 ? boots.shift() : boots[0];
  },
});

const seen = (machineId: string | undefined, bootId?: string): Snapshot => ({
  identity: { ...(machineId ? { machineId } : {}), ...(bootId ? { bootId } : {}) },
  kind: "live",
  files: new Map(),
  texts: new Map(),
  commands: new Set(),
  warnings: [],
});

describe("converge: machines meet by identity", () => {
  it("two addresses with one identity and one boot are one machine", async () => {
    const [a, b] = [way("a"), way("b")];
    await meet(a, seen("m1", "boot1"));
    await meet(b, seen("m1", "boot1"));
    forgetOthers(a, machineKey({ machineId: "m1" }) as string);
    assert.deepEqual([a.forgotten, b.forgotten], [0, 1]);
  });

  it("one machine-id with two boots at one time is a cloned disk: both addresses, and the mend", async () => {
    await meet(way("original", "boot1"), seen("m2", "boot1"));
    await assert.rejects(meet(way("clone", "boot2"), seen("m2", "boot2")), (e: Error) => {
      assert.match(e.message, /clone and original are two machines with one machine-id \(m2\)/);
      assert.match(e.message, /systemd-machine-id-setup/);
      return true;
    });
  });

  /** Each: what the first address answers now, what the second read and answers now; whether that read is of this boot. */
  const RESTARTED: [title: string, first: string[], second: string[], fresh: boolean][] = [
    ["started anew between the two reads", ["boot2"], ["boot2"], true],
    ["the first address does not answer any more", [], ["boot2"], true],
    ["started anew again, after the second read", ["boot3"], ["boot3"], false],
  ];
  for (const [n, [title, first, second, fresh]] of RESTARTED.entries())
    it(`one machine, ${title}: no clone, and what was read before is old`, async () => {
      const [a, b] = [way("a", ...first), way("b", ...second)];
      await meet(a, seen(`r${n}`, "boot1"));
      assert.equal(await meet(b, seen(`r${n}`, "boot2")), fresh);
      assert.deepEqual([a.forgotten, b.forgotten], [1, 0]);
    });

  it("a read of before the boot that ends after another address saw the new one is read again", async () => {
    const [a, b] = [way("a", "boot2"), way("b", "boot2")];
    await meet(a, seen("late", "boot2"));
    assert.equal(await meet(b, seen("late", "boot1")), false);
    assert.equal(await meet(b, seen("late", "boot2")), true);
  });

  it("an address that did not answer and is a clone is found when it does", async () => {
    const silent = way("silent");
    await meet(silent, seen("m4", "boot1"));
    const b = way("b", "boot2");
    await meet(b, seen("m4", "boot2"));
    await assert.rejects(meet({ ...silent, boot: async () => "boot1" }, seen("m4", "boot1")), {
      code: "machine.cloned",
    });
  });

  it("one address after its own reboot is no clone", async () => {
    const a = way("a");
    await meet(a, seen("m3", "boot1"));
    assert.equal(await meet(a, seen("m3", "boot2")), true);
  });

  it("a machine without a machine-id is refused", async () => {
    await assert.rejects(meet(way("nameless"), seen(undefined)), { code: "machine.identity" });
  });
});
