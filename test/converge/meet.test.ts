import assert from "node:assert/strict";
import { forgetOthers, meet, type Way } from "../../provider/converge/meet";
import { machineKey, type Snapshot } from "../../provider/core/snapshot";

const way = (address: string): Way & { forgotten: number } => ({
  address,
  forgotten: 0,
  forget() {
    this.forgotten++;
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
  it("two addresses with one identity and one boot are one machine", () => {
    const [a, b] = [way("a"), way("b")];
    meet(a, seen("m1", "boot1"));
    meet(b, seen("m1", "boot1"));
    forgetOthers(a, machineKey({ machineId: "m1" }) as string);
    assert.deepEqual([a.forgotten, b.forgotten], [0, 1]);
  });

  it("one machine-id with two boots is a cloned disk: both addresses, and the mend", () => {
    meet(way("original"), seen("m2", "boot1"));
    assert.throws(
      () => meet(way("clone"), seen("m2", "boot2")),
      (e: Error) => {
        assert.match(e.message, /clone and original are two machines with one machine-id \(m2\)/);
        assert.match(e.message, /systemd-machine-id-setup/);
        return true;
      },
    );
  });

  it("one address after its own reboot is no clone", () => {
    const a = way("a");
    meet(a, seen("m3", "boot1"));
    meet(a, seen("m3", "boot2"));
  });

  it("a machine without a machine-id is refused", () => {
    assert.throws(() => meet(way("nameless"), seen(undefined)), { code: "machine.identity" });
  });
});
