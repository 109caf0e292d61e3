import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { AcrnError } from "../../../provider/core/errors";
import { type FolderShell, folderTarget } from "../../../provider/host/folder";
import { transact } from "../../../provider/host/transaction";
import { temporary } from "../../host/helpers";
import type { Tally } from "../../support/tally";
import { judge, judgeTold, nextContact, type Told, toldBy } from "./judge";
import { inLanes, LANES } from "./lanes";
import { mounted } from "./mounts";
import { type Fault, type Plant, planted, type Who } from "./stubs";
import { OWNER, REQUEST, type World } from "./world";

export interface FullSweep {
  world: World;
  /** Stubbed. */
  shell: FolderShell;
  /** The folder whose file system fills up, relative to the tree. */
  where: string;
  /** Every how-manieth command. */
  stride: number;
}

/** A file system of its own, small enough to be filled in no time. */
const SMALL = ["-t", "tmpfs", "-o", "size=2m,mode=755", "none"];

/** From the Nth command on the disk is full, for every N of either shell: the first write of that command or after it is refused. */
export async function fullAtCommands(sweep: FullSweep, tally: Tally): Promise<void> {
  const { world, shell, stride, where } = sweep;
  const calls = await planted(world, async (plant) => {
    await run(world, plant.root, shell);
    return { holder: plant.calls("holder"), runner: plant.calls("runner") };
  });
  const points = (["holder", "runner"] as Who[]).flatMap((who) =>
    calls[who].flatMap((call, i) => (i % stride === 0 ? [{ who, nth: i + 1, call }] : [])),
  );
  await inLanes(points, LANES, ({ who, nth, call }) => {
    const fault = { who, nth, act: `cat /dev/zero 2>/dev/null >"$PULUMI_ACRN_ROOT/${where}/filler"; real "$@"` };
    return planted(world, (plant) => onSmallDisk(plant.root, where, () => tryOne(sweep, plant, fault, call, tally)));
  });
}

async function tryOne(
  { world, shell, where }: FullSweep,
  plant: Plant,
  fault: Fault,
  call: string,
  tally: Tally,
): Promise<void> {
  const { root } = plant;
  plant.fault(fault);
  const told = await run(world, root, shell).then(
    (): [Told, string] => ["new", ""],
    (error: unknown): [Told, string] => [toldWhenFull(error), complaint(error)],
  );
  plant.disarm();
  rmSync(join(root, where, "filler"), { force: true });
  await nextContact(folderTarget(root, shell));
  // how it ended is kept for the client, who was told that it is not known
  const first = told[0] === "unknown" ? judge(root, world, { results: true }) : judgeTold(root, world, told[0]);
  await run(world, root, shell).catch(() => undefined); // where it is new already, `before` no longer fits, and nothing is written
  const again = judge(root, world, { results: told[0] === "unknown" && first.end === "new" });
  const why = told[1] || first.why || (again.end === "new" ? "" : `with room it does not succeed: ${again.why}`);
  tally.add(why === "" ? first.end : "lost", `${fault.who} ${fault.nth}: ${call.slice(0, 60)}: ${why}`);
}

/** How it ended could not be written down: that is said, and it is the one word that promises neither old nor new. */
function toldWhenFull(error: unknown): Told {
  return error instanceof AcrnError && error.code === "tx.torn" ? "unknown" : toldBy(error);
}

/** What is wrong with the words of an error, if anything. */
function complaint(error: unknown): string {
  const { code, message, hint } = error as AcrnError;
  const where = /\/(var\/lib|etc|usr)/.test(`${message} ${hint}`);
  const full = code === "disk.full" || (code === "write.refused" && /not full/.test(hint ?? "")) || code === "tx.torn";
  return full && where ? "" : `told ${code}: ${message}`;
}

/** The tree's folder as a file system of its own, with the same in it. */
async function onSmallDisk(root: string, where: string, use: () => Promise<void>): Promise<void> {
  const at = join(root, where);
  const kept = temporary();
  cpSync(at, kept, { recursive: true, preserveTimestamps: true });
  await mounted(SMALL, at, async () => {
    cpSync(kept, at, { recursive: true, preserveTimestamps: true });
    rmSync(kept, { recursive: true });
    await use();
  });
}

const run = (world: World, root: string, shell: FolderShell) =>
  transact(folderTarget(root, shell), REQUEST, () => world.changes, OWNER, { pause: 1, id: "00ab" });
