import { sh } from "./sh";

/**
 * How all our shell text is read: from here on unquoted expansions split at line breaks only and never glob (`set -f`), so a
 * list is a variable with a path a line. `n` is the line break.
 */
export const BASICS = sh`
set -uf
umask 022
LC_ALL=C
export LC_ALL
n='
'
IFS=$n
unset CDPATH
say() { printf '%s\n' "$1"; }
`;

/**
 * What a script that talks to the client starts with. R is the prefix of the machine's paths: `$1` where sudo stands between (it clears the
 * environment), else PULUMI_ACRN_ROOT, set on the target's own side only. It is made physical so that it can be cut off the paths that we print.
 */
export const HEAD = sh`${BASICS}
R=\${1-\${PULUMI_ACRN_ROOT-}}
printf '\npulumi-acrn frame 1\n'
if [ "$R" ]; then
  r=$(cd -P "$R" 2>/dev/null && pwd -P) || { say "error root.missing $R"; exit 1; }
  R=\${r%/}
else
  PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin
fi
`;

/**
 * `res PATH`: P is where the path ends, symbolic links followed as after a chroot to R: /usr/share/acrn/board.xml is a link to an
 * absolute path on Debian (acrn-hypervisor.postinst), and in a folder that must not lead out to the machine that we run on. K: the
 * directories of those links.
 * One fork a link; realpath(1) knows no root.
 */
export const RESOLVE = sh`
res() {
  t=$1 P= K= k=0
  while [ "$t" ]; do
    c=\${t%%/*}
    case $t in */*) t=\${t#*/};; *) t=;; esac
    case $c in
      ''|.) ;;
      ..) P=\${P%/*};;
      *)
        if [ -h "$R$P/$c" ]; then
          # Linux gives up after 40 links, path_resolution(7)
          k=$((k+1))
          [ $k -le 40 ] || return 1
          l=$(readlink "$R$P/$c") || return 1
          # every list of ours is made of lines
          case $l in *[[:cntrl:]]*) return 1;; esac
          K=$K$n$P
          case $l in /*) P=;; esac
          t=$l/$t
        else
          P=$P/$c
        fi;;
    esac
  done
}
`;

/**
 * Who lives. A process is named by boot id, pid and start time (field 22 of /proc/PID/stat, proc(5); counted after the last `)`,
 * because comm may hold blanks and parentheses), so a reused pid is nobody and no clock is needed. These are our own processes: the
 * real /proc, whatever R. A pid means nothing outside its PID namespace (pid_namespaces(7)): the boot id carries the namespace's number, and
 * a name of the same boot from another namespace (a container) counts as alive, because nobody here can tell. `look FILE` reads such a name (G) and who that is in words (O).
 */
export const LIFE = sh`
b0=-
[ -r /proc/sys/kernel/random/boot_id ] && read -r b0 </proc/sys/kernel/random/boot_id
B=$(readlink /proc/self/ns/pid 2>/dev/null)
B=\${B#pid:[}
B=$b0-\${B%]}
start() {
  l=
  { while IFS= read -r x || [ "$x" ]; do l=$l$x; x=; done; } 2>/dev/null <"/proc/$1/stat"
  # gone, or between opening and reading
  [ "$l" ] || return 1
  IFS=' '
  set -- \${l##*) }
  IFS=$n
  S=\${20-}
  # a zombie has ended
  case $1 in Z|X) return 1;; esac
  [ "$S" ]
}
alive() {
  IFS=' '
  set -- $1
  IFS=$n
  case \${1-} in
    "$B"|"$b0") start "\${2:-0}" && [ "\${3-}" = "$S" ];;
    "$b0"-*) return 0;;
    *) return 1;;
  esac
}
look() {
  G= O=
  { IFS= read -r G && IFS= read -r O; } 2>/dev/null <"$1"
}
start $$ || { say 'error proc.missing /proc'; exit 1; }
me="$B $$ $S"
`;

/**
 * Where we keep things (D, as the machine names it: V), and directories. `mk PATH` makes a directory with its parents and writes down in
 * D/dirs which of them are ours *before* it makes them, also on the disk; `prune` takes those away again that are empty, so that giving back the last
 * file gives back the tree. A new directory is on the disk with its parent's fsync (fsync(2)). `sy` is fsync: coreutils >= 8.24 and busybox sync name files; where they do not, or the file system knows no fsync of a
 * directory (EINVAL), everything is synced. What the disk refused stays refused: fsync(2) tells a lost write once, a second call succeeds.
 */
export const KEEP = sh`
res /var/lib/pulumi-acrn
V=$P
D=$R$P
sy() {
  l=$(sync "$@" 2>&1) && return 0
  case $l in *'nput/output error'*|*'No space left'*|*uota*) say "$l" >&2; return 1;; esac
  sync
}
mk() {
  [ -d "$R$1/" ] && return 0
  mk "\${1%/*}" || return 1
  [ "$1" = "$V" ] || if [ -d "$D" ]; then say "$1" >>"$D/dirs" && sy "$D/dirs" "$D" || return 1; else M=\${M-}$1$n; fi
  mkdir "$R$1" 2>/dev/null && sy "$R\${1%/*}/" || [ -d "$R$1" ]
}
prune() {
  [ -f "$D/dirs" ] || return 0
  d= r= q=
  while IFS= read -r x; do d=$x$n$d q=$q$x$n; done <"$D/dirs"
  for x in $d; do
    rmdir "$R$x" 2>/dev/null || { [ -d "$R$x" ] && r=$x$n$r; }
  done
  [ "$r" != "$q" ] || return 0
  if [ "$r" ]; then
    printf %s "$r" >"$D/dirs.t" && sy "$D/dirs.t" && mv -f "$D/dirs.t" "$D/dirs"
  else
    rm -f "$D/dirs"
  fi
}
`;
