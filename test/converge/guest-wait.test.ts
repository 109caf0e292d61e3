import assert from "node:assert/strict";
import { newBoot } from "../../provider/converge/guest-activate/wait";
import { AcrnError } from "../../provider/core/errors";
import type { Target } from "../../provider/host/types";

describe("waiting for another boot of a guest", () => {
  it("says why it does not come in one line: what to do about it belongs to the error that ends the wait", async () => {
    const said: string[] = [];
    const gone = new AcrnError("ssh.refused", "nobody listens there", { hint: "Start it." });
    const target: Target = {
      transport: { label: "g", exec: () => Promise.reject(gone) } as never,
      elevation: { how: "none" },
    };
    const end = await newBoot({ target, not: "b", seconds: 0.5, progress: (what) => said.push(what) });
    assert.deepEqual(end, { why: "nobody listens there" });
    assert.deepEqual(said, ["waiting for the guest to come back: nobody listens there"]);
  });
});
