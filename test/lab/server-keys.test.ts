import assert from "node:assert/strict";
import { utils } from "ssh2";
import { ed25519 } from "../../examples/lab/server/keys";

describe("keys of the lab", () => {
  it("can be read again, all of them", function () {
    this.timeout(60_000);
    // ssh2 alone spoils about eight of so many
    for (let count = 0; count < 3000; count++) {
      const parsed = utils.parseKey(ed25519().private);
      assert.ok(!(parsed instanceof Error), `key ${count}: ${parsed}`);
    }
  });
});
