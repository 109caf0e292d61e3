import assert from "node:assert/strict";
import type { Kill } from "../../examples/lab/server/faults";
import { Pool } from "../../provider/host/ssh/pool";
import { transact } from "../../provider/host/transaction";
import type { Target } from "../../provider/host/types";
import { judge, nextContact, toldBy } from "../faults/support/judge";
import { OWNER, REQUEST, smallWorld, type World } from "../faults/support/world";
import { useLab } from "../host/ssh/support";

describe("lab faults: kill of the remote script", function () {
  this.timeout(60_000);
  const lab = useLab(() => [{ name: "cell" }]);
  let world: World;
  before(async () => {
    world = await smallWorld("again");
  });

  const rows: [kill: Kill, end: "old" | "new"][] = [
    [{ at: 1 }, "old"],
    [{ at: "put_new", whom: "both" }, "old"],
    [{ at: "commit" }, "new"],
    [{ at: "swapped 1", whom: "both" }, "new"],
    [{ at: "swapped 2", whom: "holder" }, "new"],
  ];
  for (const [kill, end] of rows)
    it(`${kill.whom ?? "runner"} at ${kill.at}: once, and the rest is the product's`, async () => {
      const host = lab().host("cell");
      world.layInto(host.dir);
      host.faults.killScript(kill);
      const target: Target = {
        transport: new Pool().transport(lab().connection("cell")),
        elevation: { how: "auto" },
      };
      let decided = 0;
      const decide = () => {
        decided++;
        return world.changes;
      };
      const told = await transact(target, REQUEST, decide, OWNER, { pause: 1 }).then(() => "new", toldBy);
      assert.equal(host.faults.kills, 1);
      host.faults.heal();
      await nextContact(host.dir);
      assert.deepEqual([judge(host.dir, world).end, told, decided], [end, end, 1]);
    });
});
