import { sh } from "../../scripts/sh";

/**
 * Launch scripts beside an image: what starts VMs on it while another one is the default. acrnd starts VMs before anybody has confirmed anything, by the autostart
 * script, which looks there first (core/acrn/launch/autostart.ts). Which they are is decided VM by VM, so `scripts` takes away what it is not told of: a copy
 * that is there hides the canonical one. Each is written anew, for that entry tells by its time whether the canonical one has been written since. Contents come on
 * stdin behind their word, as in stage.ts. `settled`: of a confirmed image what still waits stays, and what it is told of, because nothing else starts that VM on it.
 */
export const SCRIPTS = sh`
# is NAME one of the others?
among() {
  y=$1
  shift
  for z do [ "$y" != "$z" ] || return 0; done
  return 1
}
scripts() {
  w=$I/$1
  shift
  for x in $(names "$w"); do
    case $x in *.sh) ;; *) continue;; esac
    among "$x" "$@" || { rm -f "$w/$x" && sy "$w"; } || { failed "$x cannot be removed"; return; }
  done
  say kept
}
beside() {
  w=$I/$1
  case $2 in */*|.*) failed "no script: $2"; say "end beside"; exit 1;; esac
  { mkdir -p "$w" && head -c "$5" | base64 -d | gzip -dc >"$I/.$1.script.new"; } 2>/dev/null
  hash "$I/.$1.script.new"
  if [ "$H" = "$4" ] && [ "$(size "$I/.$1.script.new")" = "$3" ]; then
    lay "$I/.$1.script.new" "$w/$2" || { rm -f "$I/.$1.script.new"; failed "$2 cannot be written"; return; }
    rm -f "$I/.$1.script.new"
    say kept
    return
  fi
  rm -f "$I/.$1.script.new"
  failed "$2 did not arrive whole: is the disk full?"
  say "end beside"
  exit 1
}
settled() {
  w=$I/$1
  shift
  for x in $(names "$w"); do
    case $x in *.sh) ;; *) continue;; esac
    among "$x" "$@" || alike "$I/next/$x" "$w/$x" || { rm -f "$w/$x" && sy "$w"; } || { failed "$x cannot be removed"; return; }
  done
  say settled
}
`;
