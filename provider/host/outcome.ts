import { AcrnError } from "../core/errors";
import { badFrame } from "./errors";
import { harmless } from "./launch";
import type { Session } from "./session";

/** How a transaction ended, as the script says it (scripts/commit.ts, END). */
export interface Outcome {
  status: "done" | "changed" | "failed" | "undone" | "torn" | "newer" | "none";
  step: string;
  /** Paths, or what commands said with `@path` after it. */
  detail: string[];
}

/** The rest of an answer whose first line, `outcome ID STATUS STEP`, was read. `id`: the transaction that was asked for. */
export async function receiveOutcome(session: Session, first: string, id?: string): Promise<Outcome> {
  const [word, about = "", status = "", step = ""] = first.split(" ");
  if (word !== "outcome" || (id !== undefined && about !== id)) throw badFrame(session.label, first);
  const detail: string[] = [];
  for (let line = await session.line(); line !== "."; line = await session.line())
    if (detail.length < DETAILS) detail.push(harmless(line.slice(2)));
  return {
    status: isStatus(status) ? status : "torn",
    step: harmless(step),
    detail: detail.filter((line) => line !== ""),
  };
}

/** So many lines of what was said are kept; there are no more than two a file. */
const DETAILS = 200;

function isStatus(word: string): word is Outcome["status"] {
  return ["done", "changed", "failed", "undone", "torn", "newer", "none"].includes(word);
}

/** What a human finds on the machine, and how to end it by hand. */
export const PLACES =
  "On the machine, /var/lib/pulumi-acrn/journal names the transaction, and the folder tx/ID beside it has old.N and new.N of each line N of its file entries. " +
  "To give up on it, look at those files, then remove journal and tx (docs/transactions.md).";

/** The error for every end but `done`: what failed, what was changed, what to do. */
export function outcomeError(label: string, { status, step, detail }: Outcome): AcrnError {
  const paths = detail.filter((line) => line.startsWith("@")).map((line) => line.slice(1));
  const said = [...new Set(detail.filter((line) => !line.startsWith("@")))].join("; ");
  const where = paths.length ? ` at ${[...new Set(paths)].join(", ")}` : "";
  if (status === "changed")
    return new AcrnError(
      "host.changed",
      `${label}: changed by somebody else since it was read: ${said.replaceAll("; ", ", ")}; nothing was changed`,
      {
        hint: "Run again: the plan is then made from what is there now.",
      },
    );
  if (status === "newer")
    return new AcrnError(
      "tx.newer",
      `${label}: a transaction is open there whose format (${step}) this version does not know; nothing was changed`,
      { hint: `Run the version of pulumi-acrn that began it: its next up finishes or undoes it. ${PLACES}` },
    );
  if (status === "torn")
    return new AcrnError("tx.torn", `${label}: the transaction could be neither finished nor undone${where}: ${said}`, {
      hint: `Mend the cause and apply again: it is tried again first. ${PLACES}`,
    });
  const ended = status === "undone" ? "what had been written was put back" : "nothing was changed";
  return new AcrnError(
    codeOf(said),
    `${label}: the transaction failed in step ${step}${where}: ${said || "no word why"}; ${ended}`,
    {
      hint: hintOf(codeOf(said)),
    },
  );
}

/** By the words of the C library in the C locale, strerror(3). */
function codeOf(said: string): string {
  if (/No space left|quota exceeded/i.test(said)) return "disk.full";
  if (/Read-only file system|Permission denied|Operation not permitted/.test(said)) return "write.refused";
  if (/changed by somebody else/.test(said)) return "host.changed";
  return "tx.failed";
}

function hintOf(code: string): string {
  if (code === "disk.full") return "Make room on the file system of that file and of /var/lib, then run again.";
  if (code === "write.refused")
    return "The file system or the file does not let us write. See lsattr(1), mount(8) and who we are there.";
  return "Run again; if it stays, look at what the target said.";
}
