import assert from "node:assert/strict";
import { diffOf } from "../../provider/core/plan/render-text";
import { EDITED, hostOf } from "./rt-vm.rules-host";
import { OK } from "./rt-vm.rules-rows";
import { planRt } from "./rt-vm.world";

const NEXT = "/var/lib/pulumi-acrn/images/next";

/** Lines that the diff of a file changes. */
function changed(memory: ReturnType<typeof hostOf>, rt: Record<string, unknown>, path: string): string[] {
  const { plan } = planRt(memory, { rt: { name: "RT", ...rt } }, [1]);
  const file = plan.files.find((each) => each.path === path);
  assert.ok(file, path);
  assert.equal(file.before, undefined, "it is not there yet, and the transaction knows that");
  return diffOf(file)
    .split("\n")
    .filter((line) => /^[+-](?![+-])/.test(line));
}

describe("RtVm: the diff of what waits for its image", () => {
  it("an edited script: what is different from the script that it is made from", () => {
    const host = hostOf({ script: `# somebody's\n${OK}` });
    assert.deepEqual(changed(host, { ...EDITED, memory: "2G" }, `${NEXT}/RT.edited.sh`), [
      `-${OK}`,
      `+${OK.replace("1G", "2048M").replace("4,6", "2")}`,
    ]);
  });

  it("an owned script, once the canonical one is there", () => {
    const memory = hostOf({});
    memory.apply(planRt(memory, { rt: { name: "RT" } }, [2, 3]));
    const lines = changed(memory, {}, `${NEXT}/RT.sh`);
    assert.ok(lines.length < 10, lines.join("\n"));
    assert.ok(lines.includes("+  --cpu_affinity 2"), lines.join("\n"));
  });

  it("a new VM: all of it", () => {
    const { plan } = planRt(hostOf({}), { rt: { name: "NEW" } }, [3]);
    const file = plan.files.find(({ path }) => path === `${NEXT}/NEW.sh`);
    assert.ok(file && diffOf(file).split("\n").length > 50);
  });
});
