import assert from "node:assert/strict";
import fc from "fast-check";
import { type AgainstBoot, againstBoot } from "../../../provider/core/acrn/boot-time";
import type { Snapshot } from "../../../provider/core/snapshot";

const asked = (mtime: number, boot: number, now: number): AgainstBoot => {
  const texts = new Map([
    ["proc/stat", `btime ${boot}`],
    ["date", `${now}`],
  ]);
  return againstBoot({ texts } as unknown as Snapshot, { path: "/boot/x", kind: "file", mtime });
};

describe("a file against the boot", () => {
  it("a reboot that is planned for a file is not planned for it again, as long as the clock goes on", () => {
    const second = fc.integer({ min: 1, max: 2_000_000_000 });
    fc.assert(
      fc.property(second, second, second, fc.integer({ min: 1, max: 600 }), (mtime, boot, up, down) => {
        const now = boot + up;
        if (asked(mtime, boot, now) !== "since") return;
        const rebooted = now + down;
        for (const later of [0, 1, 60, 86_400])
          assert.equal(asked(mtime, rebooted, rebooted + later), "before", "the boot took it");
      }),
    );
  });
});
