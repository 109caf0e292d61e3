import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { FolderShell } from "../../../provider/host/folder";
import { NEEDED } from "../../../provider/host/scripts/superset";
import { temporary } from "../../host/helpers";
import type { World } from "./world";

/** Which of our two shells on the machine calls a command: the one that holds the lock, or the one that commits. */
export type Who = "holder" | "runner";

export interface Fault {
  who: Who;
  /** At its how-manieth command, from 1. */
  nth: number;
  /**
   * Shell text, run once in place of the command. `real` runs the command after all. It finds the pids of the two shells in
   * FAULT_HOLDER and FAULT_RUNNER (empty for a command of the holder), the command's name in `name`, its arguments in `$@`.
   */
  act: string;
}

/**
 * Commands of the scripts that are no builtin of dash and busybox ash; what starts the runner is none of them. Nor is sleep, which changes
 * nothing and runs beside the others (the lock's lease): it would take their numbers at random.
 */
const COMMANDS = new Set(NEEDED.filter((name) => name !== "sleep"));

/**
 * A shell whose every command is counted, and one of which may do something else: the scripts run unchanged, only PATH and /bin/sh are
 * ours. `sh` tells the two shells apart, then is the real one under the same pid; a command takes the first number that is free.
 */
export function stubbed({ shell = "/bin/sh", path = "/usr/bin:/bin" }: FolderShell): Required<FolderShell> {
  const bin = temporary();
  const put = (name: string, text: string) => {
    writeFileSync(join(bin, name), `#!${shell}\n${text}`);
    chmodSync(join(bin, name), 0o755);
  };
  put("sh", `${WHO}exec '${shell}' "$@"\n`);
  put("command", `PATH='${path}'\n${COMMAND}`);
  for (const name of COMMANDS) symlinkSync("command", join(bin, name));
  return { shell: join(bin, "sh"), path: `${bin}:${path}` };
}

const WHO = `case $1 in
  */run) export FAULT_WHO=runner FAULT_RUNNER=$$ ;;
  *) export FAULT_WHO=holder FAULT_HOLDER=$$ FAULT_RUNNER= ;;
esac
`;

/** FAULTS/WHO.N is made by O_EXCL (`set -C`), because the commands of a pipeline count at the same time. */
const COMMAND = `name=\${0##*/}
at=$PULUMI_ACRN_ROOT.faults
real() { "$name" "$@"; }
set -C
n=1
until { printf '%s' "$name $*" >"$at/$FAULT_WHO.$n"; } 2>/dev/null; do
  [ -d "$at" ] || break
  n=$((n+1))
done
set +C
if [ -e "$at/each" ]; then . "$at/each"; exit; fi
if [ -e "$at/act.$FAULT_WHO.$n" ]; then . "$at/act.$FAULT_WHO.$n"; exit; fi
exec "$name" "$@"
`;

/** What the commands of one folder were, and what one of them is to do. */
export class Plant {
  private readonly at: string;

  constructor(readonly root: string) {
    this.at = `${root}.faults`;
    mkdirSync(this.at);
  }

  /** Arms one fault. */
  fault({ who, nth, act }: Fault): void {
    writeFileSync(join(this.at, `act.${who}.${nth}`), act);
  }

  /** Shell text in place of every command. */
  each(act: string): void {
    writeFileSync(join(this.at, "each"), act);
  }

  /** The commands so far, as `name arguments`. */
  calls(who: Who): string[] {
    const names = readdirSync(this.at).filter((name) => name.startsWith(`${who}.`));
    return names.map((_, i) => readFileSync(join(this.at, `${who}.${i + 1}`), "utf8"));
  }

  /** Whether it came to the armed command. */
  reached({ who, nth }: Fault): boolean {
    return existsSync(join(this.at, `${who}.${nth}`));
  }

  /** Ends counting and faults: from here on the stubs are the commands. */
  disarm(): void {
    if (!existsSync(this.at)) return;
    // Away in one step: a command that still runs must not put a file into what is being removed.
    renameSync(this.at, `${this.at}.off`);
    rmSync(`${this.at}.off`, { recursive: true, force: true });
  }
}

/** As `world.within`, with a plant beside the tree. */
export function planted<T>(world: World, work: (plant: Plant) => Promise<T>): Promise<T> {
  return world.within(async (root) => {
    const plant = new Plant(root);
    try {
      return await work(plant);
    } finally {
      plant.disarm();
    }
  });
}
