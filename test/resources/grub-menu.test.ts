import assert from "node:assert/strict";
import type { FileState, Snapshot } from "../../provider/core/snapshot";
import { GRUB_CFG, type MenuStage, menuStage } from "../../provider/resources/grub-menu";

const PATH = "/etc/default/grub.d/x.cfg";
const BOOT = 1000;
const NOW = 2000;

/** @param written when the file was, @param made when the menu was, by the machine's clock */
function stage(written: number | undefined, made: number | undefined, text = "A=1\n", now = `${NOW}`): MenuStage {
  const file = (path: string, mtime: number | undefined): [string, FileState][] =>
    mtime === undefined ? [] : [[path, { path, kind: "file", bytes: Buffer.from("A=1\n"), mtime }]];
  const files = new Map([...file(PATH, written), ...file(GRUB_CFG, made)]);
  const texts = new Map([
    ["proc/stat", `btime ${BOOT}`],
    ["date", now],
  ]);
  return menuStage(
    { identity: {}, kind: "live", files, texts, commands: new Set(), warnings: [] } as Snapshot,
    PATH,
    text,
  );
}

describe("how far a file of GRUB's came", () => {
  const ROWS: [what: string, found: MenuStage, stage: MenuStage][] = [
    ["not there", stage(undefined, 900), "written"],
    ["there with another text", stage(800, 900, "A=2\n"), "written"],
    ["newer than the menu", stage(950, 900), "written"],
    ["no menu at all", stage(800, undefined), "written"],
    ["in a menu from before this boot", stage(800, 900), "booted"],
    ["in a menu that came since", stage(1100, 1200), "in menu"],
    ["in a menu whose time has not come: a reboot would be no cure", stage(1100, NOW + 1), "future"],
    ["the machine does not tell its time", stage(1100, 1200, "A=1\n", ""), "unknown"],
  ];
  for (const [what, found, wanted] of ROWS) it(`${what}: ${wanted}`, () => assert.equal(found, wanted));
});
