import { shellQuote } from "../../core/text/shell-quote";
import { FACT } from "./facts";
import { sh } from "./sh";
import { FILE_LIMIT, NEEDED, SUPERSET } from "./superset";

/** Reads what the client asks for beyond the superset, up to `go`: lines on stdin, so that no path is ever shell text. `own` says who asks, `past` who it was before its link was cut. */
const ASK = sh`
Q= own= past= note=
ask() {
  while IFS= read -r x; do
    case $x in
      go) return 0;;
      'o '*) own=\${x#* };;
      'k '*) past=\${x#* };;
      *) Q=$Q$n$x;;
    esac
  done
  exit 1
}
`;

/** `want KIND PATH` puts a path on the list W once; `glob KIND FIXED PATTERN` does so for what matches below FIXED. */
const WANT = sh`
want() {
  case $W$n in
    *"$n$1 $2$n"*) ;;
    *) W=$W$n$1' '$2;;
  esac
}
glob() {
  res "$2" && cd "$R$P/" 2>/dev/null || return 0
  IFS=
  set +f
  set -- "$1" "$2" $3
  set -f
  IFS=$n
  g=$1 d=$2
  shift 2
  for f do
    case $f in
      # the frame is made of lines
      *[[:cntrl:]]*) say "w a file below $d has a control character in its name and was left out";;
      *) if [ -e "$f" ] || [ -h "$f" ]; then want "$g" "$d/$f"; fi;;
    esac
  done
  cd /
}
`;

/**
 * Sorts the wanted paths: \`f\` read, \`h\` hashed, \`u\` unreadable, \`o\` something else than a file, \`a\` absent; printed as
 * \`KIND PATH//REAL\`. Lists of real places: S all that is there, F to be read, H to be hashed.
 *
 * With them what write strategies need to know: \`k PATH//DIR\` a symbolic link in DIR was followed, \`i PATH\` a file that root may not write to
 * (immutable, chattr(1); busybox's test(1) does not see it), \`d UID GID MODE:DIR\` a directory on the way that others than root and us may write to.
 */
const SORT = sh`
shut() {
  # absent, or in a directory that we may not search?
  d=\${P%/*}
  while [ ! -d "$R$d/" ]; do d=\${d%/*}; done
  [ ! -x "$R$d/" ]
}
way() {
  d=$1
  while :; do
    case $L$n in *"$n$R$d/$n"*) return 0;; esac
    [ ! -d "$R$d/" ] || L=$L$n$R$d/
    [ "$d" ] || return 0
    d=\${d%/*}
  done
}
others() {
  for x in $(stat -c '%u %g %a:%n' -- $L); do
    y=\${x#* * } y=\${y%%:*}
    case \${x%% *}.$y in 0.*[0145][0145]|"$u".*[0145][0145]) ;; *) say "d \${x%/}";; esac
  done
}
sort_() {
  S= F= H= L=
  for x in $W; do
    k=\${x%% *} p=\${x#* }
    j=$k
    res "$p" || { say "o $p//$p"; continue; }
    e=$R$P
    for y in $K; do say "k $p//$y"; way "$y"; done
    way "\${P%/*}"
    if [ ! -e "$e" ]; then
      if shut; then say "u $p//$P"; else say "a $p//$P"; fi
      continue
    fi
    if [ ! -f "$e" ]; then j=o; elif [ ! -r "$e" ]; then j=u; fi
    say "$j $p//$P"
    case $j in f) F=$F$n$e;; h) H=$H$n$e;; esac
    [ "$u" != 0 ] || [ -w "$e" ] || say "i $p"
    case $S$n in *"$n$e$n"*) ;; *) S=$S$n$e;; esac
  done
}
`;

/**
 * One read. The contents come as one gzip stream, base64, in the order of the stat lines (F only, no larger than the limit) and after them
 * our mount table, from which the client decides the write strategies. A size or hash that does not fit means that a file
 * changed meanwhile: the client then says \`again\`.
 */
const SNAP = sh`
snap() {
  say "read $R"
  [ "$note" ] && say "w $note"
  W=
  for x in $A$n$Q; do
    y=\${x#* }
    case $x in
      'f '*|'h '*) want "\${x%% *}" "$y";;
      'g '*) glob f "\${y%%//*}" "\${y#*//}";;
      'G '*) glob h "\${y%%//*}" "\${y#*//}";;
      'r '*) want f "$y"; res "$y"; glob h "\${P%/*}" '*.bin';;
    esac
  done
  u=$(id -u)
  sort_
  others
  C= o=
  [ "$S" ] && o=$(stat -c 's %s %f %a %u %g %Y %i %h:%n' -- $S)
  say "$o"
  for x in $o; do
    e=\${x#*:} z=\${x#s }
    case $F$n in
      *"$n$e$n"*) [ "\${z%% *}" -le ${FILE_LIMIT} ] && C=$C$n$e;;
    esac
  done
  [ "$C$H" ] && sha256sum -- $C $H
  [ "$H" ] && md5sum -- $H
  facts
  say body
  cat -- /dev/null $C /proc/self/mountinfo | gzip -c -1 | base64
  say .
  say 'end read'
}
`;

/** The commands are asked for before anything else is done, by builtins alone; what is not there is named, all of it. */
export const TOOLS = sh`
y=
for x in ${NEEDED.join(" ")}; do
  command -v "$x" >/dev/null 2>&1 || y=$y,$x
done
command -v setsid >/dev/null 2>&1 || command -v nohup >/dev/null 2>&1 || y=$y,setsid
[ -z "$y" ] || { say "error tool.missing \${y#,}"; exit 1; }
`;

/** Functions and lists of a read; the script around them calls `snap`. */
export const COLLECT = [ASK, `A=${shellQuote(SUPERSET.join("\n"))}`, WANT, SORT, FACT, SNAP].join("\n");
