import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { TRIAL_ARMED } from "../../provider/core/kernel/trial/armed";
import type { FolderShell } from "../../provider/host/folder";
import type { GuestTrial } from "../../provider/host/guest/trial-session";
import { needs } from "../support/needs";
import { Tally } from "../support/tally";
import { shells, temporary } from "./helpers";
import { which } from "./ssh/which";
import { GRUBENV, PaperGuest, TRIAL, WATCHES } from "./support/paper-guest";

/** Every command of a session is counted, and at one of them all of the session dies at once, as with a link or with the power. */
const COUNTED = `at=$PULUMI_ACRN_ROOT.cut
n=1
if [ -d "$at" ]; then
  until (set -C; echo "\${0##*/} $*" >"$at/$n") 2>/dev/null; do [ -d "$at" ] || break; n=$((n+1)); done
  [ ! -e "$at/kill.$n" ] || kill -9 "-$CUT_SESSION"
fi
`;

function executable(file: string, text: string): string {
  writeFileSync(file, text);
  chmodSync(file, 0o755);
  return file;
}

/** @param path one folder with all that there is, of names that may be links */
function cuttable({ shell = "/bin/sh", path = "" }: FolderShell): FolderShell {
  const bin = temporary();
  for (const name of readdirSync(path))
    executable(join(bin, name), `#!${shell}\n${name === "sh" ? "" : COUNTED}exec '${join(path, name)}' "$@"\n`);
  // a process group of its own, so that one signal reaches all of the session
  const group = `s=$(PATH='${process.env.PATH}' command -v setsid)\nexport CUT_SESSION=$$\nexec "$s" '${shell}' "$@"\n`;
  const own = executable(join(temporary(), "shell"), `#!/bin/sh\n${group}`);
  return { shell: own, path: bin };
}

/** How the guest is: what it boots next, and whether something ends a trial's boot. */
interface Standing {
  next: boolean;
  marked: boolean;
  watched: boolean;
}

interface Act {
  title: string;
  before: Standing;
  after: Standing;
  perform(trial: GuestTrial): Promise<string | undefined>;
}

const NOTHING: Standing = { next: false, marked: false, watched: false };
const ARMED: Standing = { next: true, marked: true, watched: false };
const WAITS: Standing = { next: false, marked: true, watched: true };

const ACTS: readonly Act[] = [
  { title: "arm", before: NOTHING, after: ARMED, perform: (trial) => trial.arm(TRIAL) },
  { title: "disarm", before: ARMED, after: NOTHING, perform: (trial) => trial.disarm({ grubenv: GRUBENV }) },
  { title: "confirm", before: WAITS, after: NOTHING, perform: (trial) => trial.confirm({ id: TRIAL.id }) },
  {
    title: "disarm in the trial's boot",
    before: WAITS,
    after: NOTHING,
    perform: (trial) => trial.disarm({ grubenv: GRUBENV }),
  },
];

function guestOf(shell: FolderShell, { before }: Act): PaperGuest {
  const guest = new PaperGuest(shell, { line: before.watched ? "ro pulumi_acrn_trial=a1" : "ro" });
  if (before.next) guest.write(GRUBENV, `next_entry=${TRIAL.entry}\n`);
  if (before.marked) guest.write(TRIAL_ARMED, "a1 90 other\n");
  if (before.watched) guest.write(WATCHES, "");
  return guest;
}

const standing = (guest: PaperGuest): Standing => ({
  next: guest.read(GRUBENV).includes("next_entry=pulumi-acrn"),
  marked: guest.marker !== undefined,
  watched: guest.has(WATCHES),
});

/** A boot of the trial that nothing ends, and a marker that is half written. */
const torn = ({ next, marked }: Standing, guest: PaperGuest): boolean =>
  (next && !marked) || (marked && guest.marker !== "a1 90 other\n");

/** How many commands it takes; with `cut` it ends at that one. */
async function perform(guest: PaperGuest, act: Act, cut?: number): Promise<{ calls: string[]; said?: string }> {
  const at = `${guest.root}.cut`;
  mkdirSync(at);
  if (cut !== undefined) writeFileSync(join(at, `kill.${cut}`), "");
  const said = await guest.ask(act.perform).then(
    (why) => why ?? "done",
    () => "cut",
  );
  renameSync(at, `${at}.off`);
  const count = readdirSync(`${at}.off`).filter((file) => /^\d+$/.test(file)).length;
  const calls = Array.from({ length: count }, (_, n) => readFileSync(join(`${at}.off`, `${n + 1}`), "utf8").trim());
  rmSync(`${at}.off`, { recursive: true });
  return { calls, said };
}

for (const { name, shell } of shells())
  describe(`a link that is cut at any command of the trial script, under ${name}`, function () {
    this.timeout(120_000);
    before(function () {
      needs(this, which("setsid"), "no setsid");
      needs(this, shell, `no ${name} on this machine`);
    });

    for (const act of ACTS)
      it(`${act.title}: no trial boots that nothing ends, and the same word again ends the same`, async () => {
        const tally = new Tally(`trial cut, ${act.title}, ${name}`);
        const begin = (): PaperGuest => {
          const guest = guestOf(shell as FolderShell, act);
          guest.shell = cuttable(guest.shell);
          return guest;
        };
        const whole = begin();
        const { calls, said } = await perform(whole, act);
        assert.equal(said, "done");
        assert.deepEqual(standing(whole), act.after);
        // from the end on, where the acts take effect; in one shell at every command
        for (let cut = calls.length; cut > 0; cut -= name === "dash" ? 1 : 3) {
          const guest = begin();
          const first = await perform(guest, act, cut);
          const half = standing(guest);
          const broken = torn(half, guest);
          const again = await perform(guest, act);
          const end = standing(guest);
          const same = again.said === "done" && JSON.stringify(end) === JSON.stringify(act.after);
          const left = readdirSync(join(guest.root, "var/lib/pulumi-acrn")).filter((file) =>
            /\.(new|over)$/.test(file),
          );
          const where = `${cut}: ${calls[cut - 1]}: ${first.said}, ${JSON.stringify(half)}, then ${again.said}, ${JSON.stringify(end)} ${left}`;
          if (broken) tally.add("torn", where);
          else if (!same || left.length > 0 || existsSync(`${guest.root}.cut`)) tally.add("lost", where);
          else tally.add(JSON.stringify(half) === JSON.stringify(act.after) ? "new" : "old", where);
        }
        tally.check();
      });
  });
