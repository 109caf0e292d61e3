import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { layDown, realHosts } from "../../../examples/lab/hosts";
import { optional } from "../../support/needs";
import { cli, temporary } from "./support";

const DATA = resolve(__dirname, "../../../../shared/acrn-data");

describe("sdk/cli on ACRN's own boards", function () {
  this.timeout(120_000);

  it("inspects every one of them, and writes a project for it", async function () {
    optional(this, existsSync(DATA), "no ../shared/acrn-data");
    const plans = realHosts(DATA);
    assert.ok(plans.length > 5);
    for (const plan of plans) {
      const root = join(temporary(), plan.host.name);
      layDown(plan, root);
      const { status, out, err } = await cli(["inspect", root, "--json"]);
      assert.equal(status, 0, err);
      const { facts, vms, problems } = JSON.parse(out);
      assert.ok(facts.board.known && vms.length > 0, plan.host.name);
      assert.ok(!problems.some((problem: { code: string }) => problem.code === "internal"), out);
      const dir = join(temporary(), "project");
      const made = await cli(["init", root, dir]);
      assert.equal(made.status, 0, made.err);
      const realtime = vms.filter((vm: { realtime: boolean; source: unknown }) => vm.realtime && vm.source);
      const program = readFileSync(join(dir, "index.ts"), "utf8");
      assert.equal(/No CorePartition yet/.test(program), realtime.length === 0, plan.host.name);
    }
  });
});
