import { FOLDERS } from "../image/script/folders";
import { GRUB } from "../image/script/grub";
import { INSTALL } from "../image/script/install";
import { KEEPING } from "../image/script/keep";
import { SCRIPTS } from "../image/script/scripts";
import { STAGE } from "../image/script/stage";
import { HEAD, LIFE } from "./base";
import { minify, sh } from "./sh";

/**
 * What hypervisor images need on the machine itself: one session, one word a line in, answers out, each ended by `end WORD`. Nothing here decides. `failed TEXT`
 * is an answer to each. Ended at any command, it leaves what boots by default bootable; beginning again finds what is there.
 *
 * - `stage ID`: `staging`, or `there`. `file ID NAME SIZE SHA WIRE` and WIRE bytes: `taken`. `finish ID COUNT`: `staged`, or `there`.
 * - `install ID`: `installed`, `there`, or `space NEED FREE` in bytes. `kernels`: `release R`, `kernel SIZE PATH`, `initrd SIZE PATH` of the running one.
 *   `keep-kernel ID`: `kept`, `there`, or `space`.
 * - `beside ID NAME SIZE SHA WIRE` and WIRE bytes: `kept`, a launch script beside an image. `scripts ID NAME...`: `kept`, no others stay there.
 *   `settled ID NAME...`: `settled`, of a confirmed image those that wait no longer go, but for these.
 * - `grubenv`: `writable FS` or `refused WHY`. `one-shot ID [-kept]`: `armed`, or `refused`. `one-shot-clear`: `cleared`, or `other ENTRY`, which stays.
 * - `promote ID`: `promoted`; `unpromote`: `unpromoted`, as it was before the last `promote` or `withdraw`. Neither counts before `update-grub`: `updated`, with `beat SECONDS` meanwhile.
 * - `menu`: `menu PATH`, then grub.cfg as base64 of gzip behind `| `.
 * - `prune ID...`: `pruned ID` or `kept ID WHY` for each. `withdraw`: `withdrawn saved SAVED`, GRUB's saved entry, or `withdrawn`: no menu can have one of ours. `retire [ID]`: `retired`, behind it; ID is
 *   the image that runs.
 * - `state`: `staged ID TIME`, `partial`, `installed ID TIME RELEASE`, `promoted ID` (the first is it, the others were), `running`, `next`, `free BYTES`.
 */
const WORDS = sh`
while IFS= read -r x; do
  IFS=' '
  set -- $x
  IFS=$n
  o=\${1-}
  case $o in
    stage|file|finish|install|keep-kernel|beside|scripts|settled|one-shot|promote) id "\${2-}" || { failed 'no id'; say "end $o"; continue; };;
  esac
  case $o in
    stage) stage "$2";;
    file) file "$2" "$3" "$4" "$5" "$6";;
    finish) finish "$2" "\${3-}";;
    install) install "$2";;
    kernels) kernels;;
    keep-kernel) keep "$2";;
    beside) beside "$2" "$3" "$4" "$5" "$6";;
    scripts) shift; scripts "$@";;
    settled) shift; settled "$@";;
    grubenv) grubenv;;
    one-shot) shoot "$2" "\${3-}";;
    one-shot-clear) unshoot;;
    promote) promote "$2";;
    unpromote) unpromote;;
    update-grub) refresh;;
    menu) menu;;
    prune) shift; prune "$@";;
    withdraw) withdraw;;
    retire) retire "\${2-}";;
    state) state;;
    *) break;;
  esac
  say "end $o"
done
`;

export function imageScript(): string {
  return minify([HEAD, LIFE, FOLDERS, STAGE, INSTALL, SCRIPTS, GRUB, KEEPING, WORDS].join("\n"));
}
