import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { SOURCE_PATH } from "../../provider/core/acrn/scenario-document";
import { DATA, hostOf, type Real, reals } from "../resources/reals";
import { lawful } from "../resources/rt-vm.world";
import { optional } from "../support/needs";
import { Acrn } from "./support/acrn";
import { withClasses } from "./support/with-classes";

/** What ACRN's own validator says of what we write: nothing that it did not say before. */
describe("ACRN's own validator and allocator over what we write", function () {
  this.timeout(1_800_000);
  let acrn: Acrn;
  before(async function () {
    optional(this, existsSync(DATA), "no ../shared/acrn-data");
    const found = await Acrn.find();
    if (typeof found === "string") throw new Error(found);
    acrn = found;
    console.log(`      ACRN ${acrn.version}`);
  });

  it("a partition and a new RTVM on every real 3.x scenario", async () => {
    const tried: string[] = [];
    for (const real of reals("v3.4-dev")) {
      const scenario = withRtVm(real);
      if (scenario === undefined) continue;
      tried.push(`${real.folder}/${real.file}`);
      const before = await acrn.configured(real);
      const after = await acrn.configured({ board: real.board, scenario });
      assert.deepEqual(complaints(after), complaints(before), `${real.folder}/${real.file}`);
    }
    console.log(`      ${tried.length} scenarios`);
    assert.ok(tried.length >= 12, tried.join());
  });

  it("cache classes on every real 3.x scenario whose board has CAT", async () => {
    const tried: string[] = [];
    for (const real of reals("v3.4-dev")) {
      const scenario = withClasses(real);
      if (scenario === undefined) continue;
      tried.push(`${real.folder}/${real.file}`);
      const before = await acrn.configured(real);
      const after = await acrn.configured({ board: real.board, scenario });
      assert.deepEqual(complaints(after), complaints(before), `${real.folder}/${real.file}`);
    }
    console.log(`      ${tried.length} scenarios: ${tried.join(", ")}`);
    assert.ok(tried.length >= 3, tried.join());
  });
});

/** The scenario source with one more real-time VM and its cores; undefined where there is no room for it. */
function withRtVm(real: Real): string | undefined {
  const memory = hostOf(real);
  const rt = { name: "NEW_VM", memory: "1G" };
  let text: string | undefined;
  const program = { cores: { vms: { NEW_VM: { cores: 1 } }, neighbours: "evict" as const }, rt };
  const codes = lawful(memory, program, () => {
    text = memory.files.get(SOURCE_PATH);
  });
  return codes.length === 0 ? text : undefined;
}

function complaints({ complaints: text = "" }: { complaints?: string }): string[] {
  const lines = text.split("\n").filter((line) => /ERROR|WARNING|CRITICAL/.test(line));
  // the RtVm says so itself (sumWarnings), and some of these boards are small; the last line only counts
  const counted = /total memory size allocated to all VMs|potentially inconsistent: \d+ warnings\.$/;
  return lines.filter((line) => !counted.test(line));
}
