import { shellQuote } from "../../core/text/shell-quote";
import { BASICS, KEEP, LIFE, RESOLVE } from "./base";
import { commitText } from "./commit";
import { sh } from "./sh";

/** The format of journal and tx/ID: a number on the line `begin`. Whoever finds another one touches nothing. */
export const FORMAT = 1;

/**
 * The runner: a process of its own that commits one transaction, so that a cut link cannot tear it. Arguments: the prefix, the
 * transaction's id, who started it. It touches nothing unless the lock is still its starter's (lock.ts says why that suffices).
 */
const TAIL = sh`
id=$2 X=$D/tx/$2
# one only: a unit that systemd starts late, after systemd-run gave up, meets the one that was started instead
mkdir "$X/claim" || exit 1
printf '%s\nrunner\n' "$me" >"$X/runner.t" && mv -f "$X/runner.t" "$X/runner" || { rmdir "$X/claim"; exit 1; }
look "$D/lock"
[ "$G" = "$3" ] || exit 1
step "begin $id ${FORMAT}" || { result 'failed begin' "journal$n$(full)"; exit 1; }
prepare || exit 0
names && step commit || { result 'failed commit' "journal$n$(full)"; exit 1; }
conclude commit
`;

/** The text that both the runner and the process which holds the lock evaluate. */
export function shared(hook: string): string {
  return [RESOLVE, LIFE, KEEP, commitText(hook)].join("\n");
}

/** Shell assignments of the runner's two halves; what stands between them is `$ALL`, which the starter has too. */
export const RUNNER = [`RUNHEAD=${shellQuote(`${BASICS}\nR=$1`)}`, `RUNTAIL=${shellQuote(TAIL)}`].join("\n");

/**
 * Starts it: as a unit of its own where systemd runs (a session's scope is cleaned up with the session, logind.conf(5) KillUserProcesses),
 * else in a session of its own. Waits, but does not care who waits.
 */
export const DETACH = sh`
detach() {
  printf '%s\n' "$RUNHEAD" "$ALL" "$RUNTAIL" >"$X/run" || return 1
  set -- "$X/run" "$R" "$id" "$me"
  if [ -z "$R" ] && [ "$(id -u)" = 0 ] && [ -d /run/systemd/system ] && command -v systemd-run >/dev/null; then
    systemd-run --quiet --collect --wait --unit="pulumi-acrn-$id" /bin/sh "$@" </dev/null >/dev/null 2>&1
  fi
  if [ ! -e "$X/runner" ]; then
    for x in setsid nohup; do command -v $x >/dev/null && break; done
    $x sh "$@" </dev/null >/dev/null 2>&1 &
    wait $!
  fi
  while live; do sleep 1; done
  [ -f "$X/result" ]
}
`;

/**
 * With the lock and no live runner: ends what a dead one left. A note goes with the next read. Folders in tx without journal or
 * result were never begun.
 *
 * A line of the journal counts when it is whole; each was on the disk before the next thing was done, so a torn one was the last and
 * nothing followed it. Lines without a meaning here (the steps between) are passed over. `newer`: the journal is of a format that we do not know.
 * Entries and a journal without one whole line: a disk that lost what it said it had; the way back goes by what is there. Entries and a
 * journal with other lines: it was damaged, and only a human may judge.
 */
export const RECOVER = sh`
fetch() {
  RS= RE=
  { IFS= read -r RS; while IFS= read -r x; do RE=$RE$x$n; done; } 2>/dev/null <"$X/result"
}
unended() { [ -f "$1" ] && [ ! -f "\${1%/*}/result" ]; }
begun() { one unended entries; }
recover() {
  id=
  if [ -f "$D/journal" ]; then
    c= w= z=0
    while IFS= read -r x; do
      z=1
      case $x in 'begin '*) id=\${x#begin };; commit|back|clean) c=$x;; esac
    done <"$D/journal"
    case $id in *' '*) w=\${id#* } id=\${id%% *};; esac
    [ -z "$id" ] || [ "$w" = ${FORMAT} ] || { outcome "$id" "newer \${w:-0}" ''; exit 1; }
    case $id in *[!0-9a-f]*) id=;; esac
    if [ -z "$id" ] && begun; then
      [ $z = 0 ] || { outcome 0 'torn journal' "$V/journal does not say which transaction is open"; exit 1; }
      id=\${f%/*} c=back
      id=\${id##*/}
    fi
    X=$D/tx/$id
    for x in back clean; do [ "$c" != commit ] || [ ! -e "$X/$x" ] || c=$x; done
    if [ -z "$id" ] || [ ! -d "$X" ]; then
      rm -f "$D/journal"
    else
      RS= RE=
      [ -f "$X/result" ] && fetch
      case $RS in
        ''|torn*) if [ "$c" ]; then conclude "$c"; else result 'failed interrupted' interrupted; fi;;
        *) over;;
      esac
      fetch
      [ "$RS" ] || RS='torn result' RE="how it ended cannot be noted in $V/tx"
      case $RS in
        torn*) outcome "$id" "$RS" "$RE"; exit 1;;
        done) note='An interrupted transaction was found on this machine and has been finished.';;
        *) note='An interrupted transaction was found on this machine and has been undone.';;
      esac
    fi
  fi
  IFS=
  set +f
  set -- "$D"/tx/*
  set -f
  IFS=$n
  for f do [ -f "$f/result" ] || rm -rf "$f"; done
}
outcome() {
  say "outcome $1 $2"
  for x in $3; do say "| $x"; done
  say .
}
`;
