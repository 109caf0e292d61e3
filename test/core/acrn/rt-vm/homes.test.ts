import assert from "node:assert/strict";
import type { Evidence } from "../../../../provider/core/acrn/evidence";
import { homesOf, liveScript, strangers } from "../../../../provider/core/acrn/rt-vm/homes";
import type { LaunchScript } from "../../../../provider/core/acrn/types";
import type { Snapshot } from "../../../../provider/core/snapshot";

const CANONICAL = "/root/acrn-work/rt.sh";
const ENTRY = "/usr/share/acrn/conf/add/RT.sh";
const PACKAGED = "/usr/share/acrn/launch-scripts/b/s/launch_user_vm_id1.sh";
const KEPT = "/var/lib/pulumi-acrn/images/next/RT.sh";
const script = (path: string, vm?: string): LaunchScript =>
  ({ path, ...(vm === undefined ? {} : { vm }) }) as LaunchScript;
const ALL = [
  script(CANONICAL, "RT"),
  script(ENTRY),
  script(PACKAGED, "RT"),
  script(KEPT, "RT"),
  script("/home/u/rt.sh", "RT"),
  script("/home/u/std.sh", "STD"),
];
const homes = homesOf("RT", CANONICAL, ALL);

describe("homes of launch scripts (reference 7b)", () => {
  it("what they are to the VM; those of others are none", () => {
    assert.deepEqual(
      homes.map(({ path, role }) => `${role} ${path}`),
      [`canonical ${CANONICAL}`, `autostart ${ENTRY}`, `packaged ${PACKAGED}`, `kept ${KEPT}`, "other /home/u/rt.sh"],
    );
  });

  it("the canonical one counts by its path, even if nobody can tell which VM it starts", () => {
    assert.deepEqual(homesOf("RT", CANONICAL, [script(CANONICAL)]), [{ path: CANONICAL, role: "canonical" }]);
  });

  const live = (parent: string | undefined, vm = "RT", known = true): string | undefined => {
    const texts = new Map(parent === undefined ? [] : [["proc/41/parent", parent]]);
    const snapshot: Snapshot = {
      identity: {},
      kind: "live",
      files: new Map(),
      texts,
      commands: new Set(),
      warnings: [],
    };
    const running: Evidence["running"] = known
      ? { known: true, vms: [{ name: vm, pid: 41, args: [] }] }
      : { known: false, why: "" };
    return liveScript("RT", { built: { known: false, why: "" }, running }, snapshot, homes);
  };
  const ROWS: [what: string, found: string | undefined, expected: string | undefined][] = [
    ["by its path", live(`bash ${PACKAGED}`), PACKAGED],
    ["by its path as a program", live("/home/u/rt.sh now"), "/home/u/rt.sh"],
    ["by a relative path: the first that ends so", live("sudo bash ./launch_user_vm_id1.sh"), PACKAGED],
    ["by a relative path with folders", live("bash ../u/rt.sh"), "/home/u/rt.sh"],
    ["a path that only looks like it", live("bash /elsewhere/rt.sh"), undefined],
    ["a word that is no script", live("bash sh"), undefined],
    ["another VM's process", live(`bash ${CANONICAL}`, "STD"), undefined],
    ["the parent is gone", live(undefined), undefined],
    ["processes that cannot be read", live(`bash ${CANONICAL}`, "RT", false), undefined],
  ];
  for (const [what, found, expected] of ROWS) it(`the live one: ${what}`, () => assert.equal(found, expected));

  it("what would be launched instead is named: acrnd's entry unless it is ours, and the live one", () => {
    const none = new Set<string>();
    assert.deepEqual(strangers(homes, none, undefined), [`acrnd starts ${ENTRY} at every boot`]);
    assert.deepEqual(strangers(homes, new Set([ENTRY]), undefined), []);
    assert.deepEqual(strangers(homes, new Set([ENTRY]), PACKAGED), [`the running acrn-dm was started by ${PACKAGED}`]);
    assert.deepEqual(strangers(homes, new Set([ENTRY]), CANONICAL), []);
    assert.deepEqual(strangers(homes, new Set([ENTRY]), KEPT), []);
  });
});
