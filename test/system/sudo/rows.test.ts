import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { AcrnError } from "../../../provider/core/errors";
import { readSnapshot } from "../../../provider/host/snapshot";
import { transact } from "../../../provider/host/transaction";
import type { Elevation, Target } from "../../../provider/host/types";
import { change } from "../../host/helpers";
import { needs } from "../../support/needs";
import { ROWS } from "./rows";
import { SudoWorld } from "./support/world";

const REQUEST = { scripts: [], files: ["/etc/a"] };

describe("a real sudo behind a real sshd", function () {
  this.timeout(60_000);
  let world: SudoWorld;
  before(function () {
    needs(this, SudoWorld.missing() === undefined, SudoWorld.missing() ?? "");
    world = new SudoWorld();
  });
  after(() => world?.remove());

  for (const { title, setup, password, end, says } of ROWS)
    it(`${title}: ${end}`, async () => {
      await world.start(setup);
      const elevation: Elevation = password === undefined ? { how: "auto" } : { how: "sudo-password", password };
      const target: Target = { transport: world.transport(), elevation };
      writeFileSync(join(world.tree, "etc/a"), "old");
      if (end === "works") return works(target, world.tree);
      await assert.rejects(readSnapshot(target, REQUEST, end === "host.silent" ? { start: 500 } : {}), (error) => {
        assert.ok(error instanceof AcrnError, inspect(error));
        assert.equal(error.code, end, `${error.message}\n${world.log()}`);
        if (says) assert.match(error.message, says);
        if (password)
          assert.ok(!inspect(error, { depth: 9, showHidden: true }).includes(password), "the password is in the error");
        return true;
      });
      if (end === "host.silent") return;
      await assert.rejects(transact(target, REQUEST, () => [change("/etc/a", "old", "new")], { owner: "me" }));
      assert.equal(readFileSync(join(world.tree, "etc/a"), "utf8"), "old");
      assert.ok(!existsSync(join(world.tree, "var")));
    });
});

/** A read, and a write of more than any pipe or terminal holds. */
async function works(target: Target, tree: string): Promise<void> {
  const read = await readSnapshot(target, REQUEST);
  assert.equal(read.identity.machineId, "0123456789abcdef0123456789abcdef");
  assert.equal(Buffer.from(read.files.get("/etc/a")?.bytes ?? "").toString(), "old");
  const big = Array.from({ length: 4000 }, (_, at) => `${at} ${Math.sin(at)} \u00e4\\\t'"$(x)\n`).join("");
  const { after } = await transact(target, REQUEST, () => [change("/etc/a", "old", big)], { owner: "me" });
  assert.equal(Buffer.from(after.files.get("/etc/a")?.bytes ?? "").toString(), big);
  assert.equal(readFileSync(join(tree, "etc/a"), "utf8"), big);
  assert.equal(statSync(join(tree, "etc/a")).uid, 0);
  rmSync(join(tree, "var"), { recursive: true, force: true });
}
