import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { Command } from "commander";
import { RECORD_PATH } from "../../../provider/core/acrn/evidence";
import { SOURCE_PATH } from "../../../provider/core/acrn/scenario-document";
import { AcrnError } from "../../../provider/core/errors";
import type { FileState, Snapshot } from "../../../provider/core/snapshot";
import { type Context, hostCommand, openRead, type Reached } from "../context";
import { EXIT, type Status } from "../exit";
import type { HostOptions } from "../host";
import { hostData } from "../show/data";

export interface PullOptions extends HostOptions {
  force?: boolean;
}

export function scenarioCommand(context: Context, reached: Reached): Command {
  const pull = hostCommand("pull", "writes the machine's scenario source into a file, byte for byte")
    .argument("[file]", "where to; stdout without it, or for -")
    .option("--force", "overwrite a file that differs")
    .action(async (target: string, file: string | undefined, options: PullOptions) =>
      reached(await pullScenario(context, target, file === "-" ? undefined : file, options)),
    );
  return new Command("scenario").description("the scenario source of a machine").addCommand(pull);
}

async function pullScenario(
  context: Context,
  target: string,
  file: string | undefined,
  options: PullOptions,
): Promise<Status> {
  const { output } = context;
  const { host, snapshot } = await openRead(context, target, options);
  const { from, path, bytes } = sourceOf(snapshot, host.settings.files?.record ?? RECORD_PATH);
  const what =
    from === "source" ? "the scenario source" : "the record of what was built (there is no scenario source yet)";
  const written = file !== undefined && store(file, bytes, options.force ?? false);
  if (file === undefined && !output.json) output.bytes(bytes);
  const did = file === undefined ? "" : written ? `: written to ${file}` : `: ${file} has these bytes already`;
  output.note(`${path} of ${host.label}, ${what}${did}`);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const content = file === undefined ? { text: new TextDecoder().decode(bytes) } : {};
  output.document({
    host: hostData(host, snapshot),
    from,
    path,
    sha256,
    size: bytes.length,
    file: file ?? null,
    written,
    ...content,
  });
  return EXIT.done;
}

function sourceOf(snapshot: Snapshot, record: string): { from: "source" | "record"; path: string; bytes: Uint8Array } {
  for (const [from, path] of [
    ["source", SOURCE_PATH],
    ["record", record],
  ] as const) {
    const state = snapshot.files.get(path);
    if (state?.kind === "file" && state.bytes) return { from, path, bytes: state.bytes };
    if (state && state.kind !== "absent") throw unreadable(state);
  }
  throw new AcrnError("scenario.missing", "the machine has no scenario", {
    where: { file: SOURCE_PATH },
    hint: `Nor is there a record at ${record}. Install ACRN's Debian packages, or say where it lies: --record PATH.`,
  });
}

function unreadable({ path, kind }: FileState): AcrnError {
  return new AcrnError(
    "scenario.unreadable",
    kind === "other" ? "it is no regular file, or far too large" : "it cannot be read",
    {
      where: { file: path },
      hint: "Nothing was written. See what it is on the machine.",
    },
  );
}

/** True when it wrote. A file that differs is somebody's work. */
function store(file: string, bytes: Uint8Array, force: boolean): boolean {
  try {
    const old = existing(file);
    if (old && Buffer.compare(old, bytes) === 0) return false;
    if (old && !force)
      throw new AcrnError("scenario.exists", `${file} is there and differs; it was not overwritten`, {
        hint: "Compare the two (pull without a file writes to stdout), or overwrite it with --force.",
      });
    writeFileSync(file, bytes, { flag: old ? "w" : "wx" });
    return true;
  } catch (cause) {
    if (cause instanceof AcrnError) throw cause;
    throw new AcrnError("scenario.write", `${file} cannot be written: ${(cause as Error).message}`, {
      hint: "Give a file in a folder that exists and that you may write to.",
      cause,
    });
  }
}

function existing(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
