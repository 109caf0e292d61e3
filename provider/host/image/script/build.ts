import { sh } from "../../scripts/sh";

/**
 * The build's folder W, and who sees to it that it goes. Its name says whose it is (PID namespace, pid, start time), so what a power cut or a killed guard
 * left is found by the next build. The guard is a process of its own that waits for the end of a FIFO which only the session's shell holds open: whatever ends that
 * shell (the link, a kill), it then ends all that runs in the build's session (setsid(2); field 6 of /proc/PID/stat) and removes the folder.
 * `recipe` goes first: a build that has not opened it yet cannot begin, and one that has has written its pid before.
 */
const GUARD = sh`W=$1
trap '' HUP INT TERM PIPE
cat <"$W/life" >/dev/null
rm -f "$W/recipe"
over() {
  for p in /proc/[0-9]*; do
    l=
    IFS= read -r l 2>/dev/null <"$p/stat" || continue
    set -- \${l##*) }
    [ "\${4-}" != "$s" ] || kill -"$k" "\${p#/proc/}" 2>/dev/null
  done
}
if IFS= read -r s 2>/dev/null <"$W/pid" && [ "$s" ]; then
  k=TERM
  over
  sleep 1
  k=KILL
  over
fi
rm -rf "$W" || { sleep 1; rm -rf "$W"; }
`;

const FOLDER = sh`
ROOT=$R
for x in base64 cat gzip head ls mkfifo mktemp rm setsid sha256sum sleep stat tail wc; do
  command -v $x >/dev/null 2>&1 || { say "error tool.missing $x"; exit 1; }
done
t=
[ "$R" ] || [ -z "\${TMPDIR-}" ] || [ ! -w "$TMPDIR" ] || t=$TMPDIR
for x in "$R/var/tmp" "$R/tmp"; do [ "$t" ] || [ ! -d "$x" ] || [ ! -w "$x" ] || t=$x; done
[ "$t" ] || { say "nofolder $R/var/tmp"; exit 1; }
ns=\${B##*-}
for x in $(ls "$t"); do
  case $x in pulumi-acrn-build.$ns.*.*.*)
    IFS=.
    set -- $x
    IFS=$n
    [ "$(stat -c %u "$t/$x")" = "$u" ] && ! alive "$B $3 $4" && rm -rf "$t/$x";;
  esac
done
W=$(umask 077; mktemp -d "$t/pulumi-acrn-build.$ns.$$.$S.XXXXXX") && mkdir "$W/in" "$W/out" "$W/work" && mkfifo "$W/life" || { say "nofolder $t"; exit 1; }
say "folder $W"
`;

/** Log lines that cross the link, in bytes; after them only the end of the log does. */
const LOG_LIMIT = 8 * 1024 * 1024;
const PIECE = 48 * 1024;

const RUN = sh`
ship() {
  z=$(wc -c <"$W/log")
  [ "$1" ] || [ $((z)) -le ${LOG_LIMIT} ] || z=${LOG_LIMIT}
  if [ "$1" ] && [ $((z-o)) -gt ${LOG_LIMIT} ]; then say "skipped $((z-o-${PIECE}))"; o=$((z-${PIECE})); fi
  while [ $((z)) -gt $o ]; do
    m=$((z-o))
    [ $m -le ${PIECE} ] || m=${PIECE}
    say log
    tail -c +$((o+1)) "$W/log" | head -c $m | base64
    say .
    o=$((o+m))
  done
}
run() {
  rm -f "$W/pid"
  : >"$W/log"
  IN=$W/in OUT=$W/out WORK=$W/work ROOT=$R setsid sh -c 'echo $$ >"$1/pid" && cd "$1/work" && exec sh "$1/recipe"' build "$W" </dev/null >"$W/log" 2>&1 8>&- &
  b=$! o=0 k=0
  while start $b; do
    ship ''
    sleep 0.2 2>/dev/null || sleep 1
    k=$((k+1))
    # nobody listens any more: SIGPIPE ends us here, and the guard does the rest
    [ $((k%5)) -ne 0 ] || say beat
  done
  wait $b
  q=$?
  ship end
  say "status $q"
}
put() {
  { head -c "$4" | base64 -d | gzip -dc >"$W/$1"; } 2>/dev/null
  h=$(sha256sum <"$W/$1")
  if [ "\${h%% *}" = "$3" ]; then say taken; else say 'failed it did not arrive whole: is the disk full?'; say "end put"; exit 1; fi
}
results() {
  for d in '' configs/; do
    [ -d "$W/out/$d" ] || continue
    for x in $(ls "$W/out/$d"); do
      f=$W/out/$d$x
      [ -f "$f" ] && [ ! -h "$f" ] || continue
      h=$(sha256sum <"$f")
      say "result $(stat -c %s "$f") \${h%% *} $d$x"
    done
  done
}
while IFS= read -r x; do
  IFS=' '
  set -- $x
  IFS=$n
  case \${1-} in
    put) put "$2" "$3" "$4" "$5";;
    run) run;;
    results) results;;
    get) gzip -c "$W/out/$2" | base64 | sed 's/^/| /';;
    *) break;;
  esac
  say "end $1"
done
rm -rf "$W"
say gone
`;

/** The parts of the build's script; the guard is started before anything is put into the folder. */
export const BUILD = (quotedGuard: string): string =>
  [
    "u=$(id -u)",
    FOLDER,
    `setsid sh -c ${quotedGuard} guard "$W" </dev/null >/dev/null 2>&1 &`,
    'exec 8>"$W/life"',
    RUN,
  ].join("\n");

export { GUARD };
