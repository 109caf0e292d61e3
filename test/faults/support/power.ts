import { existsSync, lstatSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { boots } from "../../../examples/lab/boots";
import { type FolderShell, folderTarget } from "../../../provider/host/folder";
import { entriesOf } from "../../../provider/host/payload";
import { awaitOutcome } from "../../../provider/host/reconnect";
import { readSnapshot } from "../../../provider/host/snapshot";
import { transact } from "../../../provider/host/transaction";
import type { FileChange } from "../../../provider/host/types";
import { sha256, temporary } from "../../host/helpers";
import type { Tally } from "../../support/tally";
import { quiet } from "./clients";
import { Disk, type Moment, readMoment, writeMoment } from "./disk-model";
import { judgeTold, nextContact, type Told, toldBy } from "./judge";
import { inLanes, LANES } from "./lanes";
import { planted, stubbed } from "./stubs";
import { OWNER, REQUEST, type World } from "./world";

/** One command of a run, and the tree as it was when the command began: what shell builtins wrote before it is in it. */
interface Frame {
  call: string[];
  moment: Moment;
}

/** A tree that a power cut may leave. */
interface Cut {
  where: string;
  tree: Moment;
}

const ID = "00ab";

/** Keeps, at each command of either shell, the whole tree with its inodes. stdin belongs to the command. */
const RECORD = `k=1
set -C
until { printf '%s\\n' "$name" "$@" >"$at/call.$k"; } 2>/dev/null; do k=$((k+1)); done
set +C
(PATH=/usr/bin:/bin
 cp -a "$PULUMI_ACRN_ROOT" "$at/tree.$k"
 cd "$PULUMI_ACRN_ROOT" && find . -exec stat -c '%i %n' {} + >"$at/inodes.$k") </dev/null >/dev/null 2>&1
real "$@"
`;

/** The power goes before each command of a run and after its end, with every kind of luck; then the host boots and we come again. */
export async function powerCuts(
  world: World,
  shell: FolderShell,
  tally: Tally,
  random: () => number,
  draws: number,
): Promise<void> {
  const frames = await record(world, shell);
  const cuts = [...cutsOf(frames, random, draws)];
  await inLanes(cuts, LANES, (cut) => tryOne(world, shell, cut, tally));
}

function record(world: World, shell: FolderShell): Promise<Frame[]> {
  return planted(world, async (plant) => {
    plant.each(RECORD);
    await transact(folderTarget(plant.root, stubbed(shell)), REQUEST, () => world.changes, OWNER, { id: ID, pause: 1 });
    await quiet(plant.root);
    const at = `${plant.root}.faults`;
    const ids = new Inodes();
    const count = readdirSync(at).filter((name) => name.startsWith("call.")).length;
    const frames = Array.from({ length: count }, (_, i) => {
      const call = readFileSync(join(at, `call.${i + 1}`), "utf8")
        .split("\n")
        .slice(0, -1);
      const numbers = readFileSync(join(at, `inodes.${i + 1}`), "utf8");
      const moment = readMoment(join(at, `tree.${i + 1}`), ids.next(numbers));
      return {
        call: call.map((word) => (word.startsWith(plant.root) ? word.slice(plant.root.length) || "/" : word)),
        moment,
      };
    });
    const end = (path: string) => `${lstatSync(join(plant.root, path)).ino} ./${path}`;
    const all = ["", ...(readdirSync(plant.root, { recursive: true }) as string[])];
    return [...frames, { call: ["the end"], moment: readMoment(plant.root, ids.next(all.map(end).join("\n"))) }];
  });
}

/** Numbers of inodes, which a file system may give out again: then it is another one. */
class Inodes {
  private last = new Set<string>();
  private readonly times = new Map<string, number>();

  /** @param numbers lines `INODE ./PATH` of one moment */
  next(numbers: string): (path: string) => string {
    const paths = new Map<string, string>();
    for (const line of numbers.split("\n").filter((one) => one !== "")) {
      const [number = "", path = ""] = line.split(/ (.*)/);
      paths.set(path.replace(/^[.]\/?/, ""), number);
    }
    const now = new Set(paths.values());
    for (const number of now) if (!this.last.has(number)) this.times.set(number, (this.times.get(number) ?? 0) + 1);
    this.last = now;
    return (path) => `${paths.get(path)}.${this.times.get(paths.get(path) ?? "")}`;
  }
}

/** Each tree once. The extremes: nothing that was not synced is there; all of it; all names, but only synced bytes. And some draws between. */
function* cutsOf(frames: readonly Frame[], random: () => number, draws: number): Generator<Cut> {
  const first = frames[0];
  if (!first) return;
  const disk = new Disk(first.moment);
  const seen = new Set<string>();
  const extremes = {
    "nothing unsynced": () => false,
    everything: () => true,
    "names only": (what: string) => what === "names",
  };
  const lucks = [
    ...Object.entries(extremes),
    ...Array.from({ length: draws }, () => ["by chance", () => random() < 0.5] as const),
  ];
  for (const [i, { call, moment }] of frames.entries()) {
    disk.becomes(moment);
    for (const [name, luck] of lucks) {
      const tree = disk.after(luck);
      const print = fingerprint(tree);
      if (seen.has(print)) continue;
      seen.add(print);
      yield { where: `before ${i + 1}: ${call.join(" ").slice(0, 80)}, ${name}`, tree };
    }
    if (call[0] === "sync") disk.sync(call.slice(1));
  }
}

function fingerprint({ nodes, top }: Moment): string {
  const lines: string[] = [];
  const visit = (path: string, id: string): void => {
    const node = nodes.get(id);
    if (!node) return;
    const what = "file" in node.is ? node.is.file.toString("latin1") : "link" in node.is ? node.is.link : "";
    lines.push(`${path} ${node.mode} ${sha256(what)}`);
    if ("folder" in node.is) for (const [name, child] of [...node.is.folder].sort()) visit(`${path}/${name}`, child);
  };
  visit("", top);
  return sha256(lines.join("\n"));
}

async function tryOne(world: World, shell: FolderShell, { where, tree }: Cut, tally: Tally): Promise<void> {
  const root = temporary();
  try {
    writeMoment(root, tree);
    const wrong = atBoot(root, world);
    if (wrong.length > 0) return tally.add("torn", `${where}: ${wrong.join("; ")}`);
    const half = new Set(world.changes.map((change) => endOf(root, change))).size > 1;
    const note = await contact(root, shell);
    const { told, words } = await comesBack(root, world, shell);
    const judged = judgeTold(root, world, told);
    const [end, why] = [judged.end, `${judged.why} ${words}`];
    const said = /has been (finished|undone)/.exec(note)?.[1];
    if (said && (said === "finished") !== (end === "new"))
      tally.add("lost", `${where}: it is ${end}, and was said to be ${said}`);
    else if (!said && half) tally.add("lost", `${where}: half done, mended, and not a word of it`);
    else tally.add(end, `${where}: ${why}`);
  } catch (error) {
    tally.add("torn", `${where}: ${(error as Error).message}`);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Before anybody of ours comes: the machine has to boot and launch, and each file of it to be old or new. */
function atBoot(root: string, world: World): string[] {
  const half = world.changes
    .filter((change) => endOf(root, change) === "neither")
    .map(({ path }) => `${path} is neither`);
  return [...boots(root), ...half];
}

function endOf(root: string, { path, before, after }: FileChange): "old" | "new" | "neither" {
  const at = join(root, path);
  const hash = existsSync(at) ? sha256(readFileSync(at, "utf8")) : "absent";
  if (hash === before) return "old";
  return hash === (after === null ? "absent" : sha256(Buffer.from(after).toString("utf8"))) ? "new" : "neither";
}

/** Somebody else, the first after the cut: what it is told of what it found. */
async function contact(root: string, shell: FolderShell): Promise<string> {
  const { before } = await nextContact(folderTarget(root, shell));
  return before.warnings.filter((warning) => warning.startsWith("An interrupted transaction")).join();
}

/** The client of the transaction, whose link went with the power, and who asks how it ended. */
async function comesBack(root: string, world: World, shell: FolderShell): Promise<{ told: Told; words: string }> {
  const target = folderTarget(root, shell);
  const before = await world.within((copy) => readSnapshot(folderTarget(copy), REQUEST));
  const cut = { id: ID, holder: "00000000-0000-4000-8000-000000000000 1 1" };
  return awaitOutcome(target, REQUEST, cut, entriesOf(world.changes, before), OWNER, 1).then(
    () => ({ told: "new", words: "" }),
    (error: unknown) => ({ told: toldBy(error), words: String(error) }),
  );
}
