import assert from "node:assert/strict";
import { AcrnError } from "../../../provider/core/errors";
import { failedStatus } from "../../../sdk/cli/exit";

describe("sdk/cli/exit", () => {
  /** Code (undefined: a bug), whether the files were going out, status. */
  const rows: [string | undefined, boolean, number][] = [
    ["cores.occupied", false, 1],
    ["plan.changed", false, 1],
    ["machine.other", false, 1],
    ["lock.held", false, 1],
    ["ssh.auth", false, 1],
    ["link.cut", false, 1],
    ["ssh.lost", false, 1],
    [undefined, false, 1],
    // What a transaction of before left is torn, whoever meets it.
    ["tx.torn", false, 3],
    // The machine said how it ended: nothing changed, or put back.
    ["host.changed", true, 1],
    ["disk.full", true, 1],
    ["write.refused", true, 1],
    ["tx.failed", true, 1],
    ["link.cut", true, 1],
    // Nobody knows, or it is half done, or it is written and reads otherwise.
    ["tx.unknown", true, 3],
    ["tx.torn", true, 3],
    ["verify", true, 3],
    ...["running.refused", "running.returned", "running.unproved"].flatMap((code): [string, boolean, number][] => [
      [code, true, 3],
      [code, false, 3],
    ]),
    ["ssh.lost", true, 3],
    ["xml.syntax", true, 3],
    ["cores.occupied", true, 3],
    [undefined, true, 3],
  ];
  for (const [code, writing, status] of rows)
    it(`${code ?? "a bug"} ${writing ? "while" : "before"} writing is ${status}`, () =>
      assert.equal(failedStatus(code === undefined ? new TypeError("x") : new AcrnError(code, "x"), writing), status));
});
