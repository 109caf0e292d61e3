import { AcrnError } from "../../../provider/core/errors";
import { folderTarget } from "../../../provider/host/folder";
import { transact } from "../../../provider/host/transaction";
import type { Target, TransactResult } from "../../../provider/host/types";
import { listing } from "../../host/helpers";
import { OWNER, REQUEST, type World } from "./world";

export interface Verdict {
  end: "old" | "new" | "torn" | "lost";
  /** What is wrong with it, for torn and lost. */
  why: string;
}

/** What the user was told: that it is done, that nothing was changed, or (which no cut may lead to) that it is not known. */
export type Told = "new" | "old" | "unknown";

/**
 * What is in the tree: everything as before, everything as declared, a mixture, or something of ours or of others that should not be
 * there or should. Modes, owners, links and folders count.
 * @param results whether a transaction's result may stand there still: while other things of ours do, it waits for a client that may come back,
 * until the next write (scripts/lock.ts, `bare`)
 */
export function judge(root: string, world: Pick<World, "old" | "new" | "changes">, { results = false } = {}): Verdict {
  const now = listing(root).filter((line) => !(results && RESULTS.test(line)));
  if (same(now, world.old)) return { end: "old", why: "" };
  if (same(now, world.new)) return { end: "new", why: "" };
  const ends = world.changes.map(({ path }) => fileEnd(path, now, world));
  const whole = ends.every((end) => end === ends[0] && end !== "neither");
  const why = [...difference(world.old, now, "old"), ...difference(world.new, now, "new")].join("\n");
  return {
    end: whole ? "lost" : "torn",
    why: `${world.changes.map((c, i) => `${c.path} ${ends[i]}`).join(", ")}\n${why}`,
  };
}

const RESULTS = /^[/]var[/]lib[/]pulumi-acrn[/]tx[/ ]/;

/** As `judge`, and what the user was told has to be so. */
export function judgeTold(root: string, world: World, told: Told): Verdict {
  const verdict = judge(root, world);
  if (verdict.end === told || verdict.end === "torn" || verdict.end === "lost") return verdict;
  return { end: "lost", why: `the tree is ${verdict.end}, and the user was told: ${told}` };
}

/** What an error promises about the files. Anything but these two sentences is no promise. */
export function toldBy(error: unknown): Told {
  if (!(error instanceof AcrnError)) throw error;
  return UNCHANGED.test(error.message) || NOT_SENT.has(error.code) ? "old" : "unknown";
}

/** The last: there was no connection yet. */
const UNCHANGED = /nothing was changed|what had been written was put back|^connect: /;
/** The link went before anything was sent: from then on `commit` (host/transaction.ts) makes another error of them. */
const NOT_SENT = new Set(["frame.cut", "link.cut", "ssh.lost", "ssh.session"]);

/** The next contact with the machine: locks, recovers what it finds, changes nothing. */
export function nextContact(where: string | Target): Promise<TransactResult> {
  return transact(typeof where === "string" ? folderTarget(where) : where, REQUEST, () => [], OWNER);
}

function fileEnd(path: string, now: readonly string[], world: Pick<World, "old" | "new">): "old" | "new" | "neither" {
  const found = content(now, path);
  if (found === content(world.old, path)) return "old";
  return found === content(world.new, path) ? "new" : "neither";
}

/** The bytes in a line of `listing`, without mode and owner: those are not what tears a file. */
function content(lines: readonly string[], path: string): string | undefined {
  return lines.find((line) => line.startsWith(`${path} `))?.replace(/^.* \d+:\d+ /, "");
}

function difference(wanted: readonly string[], now: readonly string[], name: string): string[] {
  const cut = (line: string) => (line.length > 160 ? `${line.slice(0, 160)}...` : line);
  const missing = wanted.filter((line) => !now.includes(line)).map((line) => `  ${name} has: ${cut(line)}`);
  const more = now.filter((line) => !wanted.includes(line)).map((line) => `  not in ${name}: ${cut(line)}`);
  return [...missing, ...more];
}

const same = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((line, i) => line === b[i]);
