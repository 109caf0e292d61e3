import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { TRIAL_ARMED } from "../../../provider/core/kernel/trial/armed";
import { watchFiles } from "../../../provider/core/kernel/trial/watch";
import { type FolderShell, folderTarget } from "../../../provider/host/folder";
import { type ArmedTrial, GuestTrial } from "../../../provider/host/guest/trial-session";
import { NEEDED } from "../../../provider/host/scripts/superset";
import { temporary, tree } from "../helpers";

export const BOOT = "11111111-2222-3333-4444-555555555555";
export const GRUBENV = "/boot/grub/grubenv";
export const ENTRY = "pulumi-acrn-trial-a1";
/** There while the unit is active. */
export const WATCHES = "watches";
export const TRIAL: ArmedTrial = {
  id: "a1",
  entry: ENTRY,
  seconds: 90,
  kind: "other",
  grubenv: GRUBENV,
  command: "grub-reboot",
};

/**
 * GRUB's tools and systemctl as far as the script asks them: grubenv has a line a variable, the unit is active while a file says so. No program of the machine that the tests run on is
 * to be found beside them: it would be that one that goes down.
 */
const STUBS: Readonly<Record<string, string>> = {
  "grub-reboot": `echo "next_entry=\${2-}" >"$PULUMI_ACRN_ROOT${GRUBENV}"\n`,
  "grub-editenv": `sed -i /^next_entry=/d "$1"\n`,
  systemctl: `echo "$*" >>"$PULUMI_ACRN_ROOT/asked"
case $1 in
  is-active) if [ -e "$PULUMI_ACRN_ROOT/${WATCHES}" ]; then echo active; else echo inactive; exit 3; fi ;;
  stop) rm -f "$PULUMI_ACRN_ROOT/${WATCHES}" ;;
esac
`,
};

/** What the script needs, and nothing else. @param without a command that the guest has not */
function only({ shell, path = "" }: FolderShell, without: string): FolderShell {
  const folder = temporary();
  const find = (name: string): string => {
    const found = path.split(":").find((part) => existsSync(join(part, name)));
    assert.ok(found !== undefined, `${name} is nowhere in ${path}`);
    return join(found, name);
  };
  for (const name of ["sh", ...NEEDED]) symlinkSync(find(name), join(folder, name));
  for (const [name, text] of Object.entries(STUBS)) {
    if (name === without) continue;
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}`);
    chmodSync(join(folder, name), 0o755);
  }
  return { ...(shell ? { shell } : {}), path: folder };
}

/** A guest whose boots are files. */
export class PaperGuest {
  readonly root: string;
  /** What a session finds; tests put something in between. */
  shell: FolderShell;

  constructor(
    shell: FolderShell,
    { kind = "other", line = "ro quiet", without = "" }: { kind?: "rtvm" | "other"; line?: string; without?: string },
  ) {
    const units = [...watchFiles(kind)].map(([path, text]) => [path.slice(1), text]);
    this.root = tree({
      ...Object.fromEntries(units),
      "proc/sys/kernel/random/boot_id": `${BOOT}\n`,
      "proc/uptime": "12.34 5.00\n",
      "proc/cmdline": `${line}\n`,
      "run/systemd/system/x": "",
      "var/lib/pulumi-acrn/ledger.json": "{}",
      [GRUBENV.slice(1)]: "saved_entry=0\n",
    });
    this.shell = only(shell, without);
  }

  async ask<T>(work: (trial: GuestTrial) => Promise<T>): Promise<T> {
    const trial = await GuestTrial.open(folderTarget(this.root, this.shell));
    try {
      return await work(trial);
    } finally {
      await trial.close();
    }
  }

  arm(more: Partial<ArmedTrial> = {}): Promise<string | undefined> {
    return this.ask((trial) => trial.arm({ ...TRIAL, ...more }));
  }

  has = (path: string): boolean => existsSync(join(this.root, path));
  read = (path: string): string => readFileSync(join(this.root, path), "utf8");
  remove = (path: string): void => rmSync(join(this.root, path), { recursive: true });
  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  get marker(): string | undefined {
    return this.has(TRIAL_ARMED) ? this.read(TRIAL_ARMED) : undefined;
  }
}
