import { sh } from "./sh";

/**
 * Before `commit`, in this order: unpack and check what was sent, compare with what is there, back up, write the new files into hidden directories
 * beside the old. All of it can be undone by removing those directories.
 */
export const PREPARE = sh`
unpack() {
  base64 -d <"$X/wire" | gzip -dc >"$X/all" && head -c "$(cat "$X/size")" "$X/all" >"$X/entries.t" || return 1
  # the way back is laid now: when it is needed, the disk may be full
  sort -rn "$X/entries.t" >"$X/reverse" && mv -f "$X/entries.t" "$X/entries" && sy "$X/entries" "$X/reverse" || return 1
  each take entries
}
take() {
  [ "$a" = absent ] && return 0
  tail -c +$((o+1)) "$X/all" | head -c "$z" >"$X/new.$i" || return 1
  same "$X/new.$i" "$a" && sy "$X/new.$i"
}
check() {
  now
  [ "$H" = "$b" ] || { bad=1; say "$p"; }
}
# By a path that others may lead elsewhere: the copy counts only as a file with the bytes that were read.
save() {
  [ "$b" = absent ] && return 0
  place
  cp -a "$E" "$X/old.$i" || return 1
  [ -f "$X/old.$i" ] && [ ! -h "$X/old.$i" ] && sum "$X/old.$i" && [ "$H" = "$b" ] || foreign || return 1
  sy "$X/old.$i"
}
put_new() {
  place
  [ "$a" = absent ] || mk "\${P%/*}" || return 1
  if [ "$how" = in-place ]; then
    # whether it opens is known now, nothing is written
    [ "$b" = absent ] || { idle "$E" && true >>"$E"; }
    return
  fi
  into && say "\${h#"$R"}" >"$X/hid.$i" && mkdir -m 700 "$hid" || return 1
  enter || { say "$h is not the directory that was made"; return 1; }
  [ "$b" = absent ] || pin || return 1
  if [ "$a" = absent ]; then sy "$h" "$d/"; else make && sy "$h/new" "$h" "$d/"; fi
}
`;

/**
 * The old file gets a second name of ours: what it held when it was replaced can still be asked afterwards, and the way back is the file itself with
 * all that belongs to it. link(2) refuses immutable files, and everything on file systems without hard links: a file of our own tells which.
 */
const PIN = sh`
pin() {
  src=old
  if y=$(ln "../$c" old 2>&1); then
    [ -f old ] && [ ! -h old ] && sum old && [ "$H" = "$b" ] || foreign
    return
  fi
  true >probe
  if ln probe probe.l 2>/dev/null; then
    say "$y"
    return 1
  fi
  src=../$c
}
`;

/**
 * The new file, wearing what belongs to the old: mode, owner, and all extended attributes, which ACLs, labels and capabilities are (xattr(7), acl(5)).
 * Its bytes come first, since a write takes capabilities away (capabilities(7)); then coreutils' cp gives it the attributes.
 *
 * Then both are compared: by getfattr(1), else by the word of coreutils' cp, which fails when told to keep what it cannot, and by what ls and stat show.
 * (IMA and EVM signatures are of the bytes, so they have to differ.) Where they differ, or nothing can tell, X/keep.N: the old inode itself
 * stays the file (scripts/swap.ts). That, like a write in place, changes a file under whoever has it open; a shell that runs it would go on in the
 * middle of other text, so then it is refused.
 */
const MAKE = sh`
make() {
  (umask 077; cat "$X/new.$i" >new) || return 1
  if [ "$b" = absent ]; then
    chmod "$m" new
  elif ! wear; then
    # the inode itself then
    cp -a "$src" new && fill new "$X/new.$i" && { [ "$src" != old ] || keep; }
  fi && same new "$a"
}
# the stand-in of the way back is made now, too
keep() { idle old && cp -p old alt && mark keep && sy "$h/alt"; }
wear() {
  cp -a --attributes-only "$src" new 2>/dev/null && touch new || return 1
  if command -v getfattr >/dev/null; then
    x=$(stat -c '%a %u %g' "$src" new)
    [ "\${x%$n*}" = "\${x#*$n}" ] || return 1
    # almost no file has any
    x=$(getfattr -h -d -m - -e hex "$src" new 2>/dev/null)
    [ -z "$x" ] || [ "$(attrs "$src")" = "$(attrs new)" ]
  else
    cp --attributes-only --preserve=mode,ownership,xattr "$src" new 2>/dev/null && [ "$(looks "$src")" = "$(looks new)" ]
  fi
}
attrs() { getfattr -h -d -m - -e hex "$1" 2>/dev/null | sed -e 1d -e '/^security[.]ima=/d' -e '/^security[.]evm=/d' | sort; }
looks() {
  stat -c '%a %u %g' "$1"
  stat -c %C "$1" 2>/dev/null
  ls -ld "$1" | sed 's/ .*//'
}
# A reader may be passing by: asked some times.
idle() {
  for y in 1 2 3 4 5; do
    readers "$1" && return 0
    sleep 0.2 2>/dev/null || sleep 1
  done
  say "process $x has it open, and here it can only be overwritten"
  return 1
}
readers() {
  e=$1
  IFS=
  set +f
  set -- /proc/[0-9]*/fd/*
  set -f
  IFS=$n
  for x do
    [ "$x" -ef "$e" ] || continue
    x=\${x#/proc/} x=\${x%%/*}
    return 1
  done
  return 0
}
`;

export const PREPARATION = [PREPARE, PIN, MAKE].join("\n");
