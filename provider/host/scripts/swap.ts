import { sh } from "./sh";

/**
 * After `commit`, for files that are replaced by rename(2): forward, or where that fails back, in reverse order. Both can be begun again after any
 * cut, from what is there:
 *
 * - `new` is gone (or is the file): swapped. For a removal X/did.N says it.
 * - `old` is the replaced file itself. If its bytes are not the old ones after the swap, somebody wrote to it in the moment between comparing and
 *   swapping: it goes back (X/left.N) and the transaction with it.
 * - X/keep.N: the replaced inode has to stay the file. The new file stands in for it while it is overwritten (X/torn.N), then it goes back in its place:
 *   at any moment whoever opens the file sees old or new bytes.
 */
const STATE = sh`
# empty files: the disk may be full. Their names have to be on the disk before what they tell is done.
mark() { true >"$X/$1.$i" && sy "$X"; }
swapped() {
  case $a in
    absent) [ "$H" = absent ] || { [ -e "$X/did.$i" ] && [ "$H" != "$b" ]; };;
    *) [ ! -e new ] || [ "../$c" -ef new ];;
  esac
}
swap() {
  case $b.$a in
    *.absent) mark did && rm -f "../$c";;
    absent.*)
      ln new "../$c" 2>/dev/null || { [ ! -e "../$c" ] && [ ! -h "../$c" ] && lay new; } || foreign || return 1
      # one name is on the disk before the other goes: a power cut may take either of two changes that were not synced
      sy "$d/" && rm -f new;;
    *) lay new;;
  esac && sy "$d/" "$h"
}
settle() {
  [ -e old ] || return 0
  if [ ! -e "$X/torn.$i" ]; then
    sum old
    # just swapped: a mode or owner that somebody changed in that moment is theirs as well
    if [ "$H" != "$b" ] || { [ "$y" ] && [ "$a" != absent ] && [ "$(stat -c '%a %u %g' old)" != "$(stat -c '%a %u %g' "../$c")" ]; }; then
      mark left && again
      foreign
      return
    fi
  fi
  [ ! -e "$X/keep.$i" ] || inode "$X/new.$i"
}
# What was removed goes back only where there is nothing: link(2) replaces no file that somebody has made meanwhile.
again() { if [ "$a" = absent ]; then ln old "../$c"; else lay old; fi && sy "$d/" "$h"; }
inode() {
  mark torn && fill old "$1" && chmod "$(stat -c %a "$X/old.$i")" old || return 1
  [ "$1" != "$X/old.$i" ] || touch -r "$1" old
  sum "$1"
  same old "$H" && sy "$h/old" && lay old && sy "$d/" "$h" && rm -f "$X/torn.$i"
}
`;

const WAYS = sh`
forward() {
  now
  [ "$how" = rename ] || { overwrite; return; }
  enter || { [ "$H" = "$a" ] || foreign; return; }
  [ ! -e "$X/left.$i" ] || foreign || return 1
  y=
  if ! swapped; then
    [ "$H" = "$b" ] && { [ ! -e old ] || [ "../$c" -ef old ]; } || foreign || return 1
    swap || return 1
    y=1
  fi
  [ ! -e new ] || { sy "$d/" && rm -f new; } || return 1
  # somebody changed it after our swap: no hindrance, and not ours to touch any more
  [ "$y" ] || [ "$H" = "$a" ] || return 0
  settle || return 1
  [ -z "$y" ] || step "swapped $i $p"
}
back() {
  now
  [ "$how" = rename ] || { unwrite; return 0; }
  if ! enter; then
    [ "$H" != "$a" ] || stuck 'what it was is gone'
    return 0
  fi
  if [ -e "$X/left.$i" ]; then
    [ "$H" != "$a" ] || [ ! -e old ] || again || stuck 'cannot be put back'
  elif swapped; then
    case $H in
      "$b") [ ! -e old ] || [ ! -e "$X/keep.$i" ] || inode "$X/old.$i" || stuck 'cannot be put back';;
      "$a") if restore; then step "restored $i $p"; else stuck 'cannot be put back'; fi;;
      *) stuck 'changed by somebody else after it was written, left as it is';;
    esac
  fi
  return 0
}
stuck() {
  bad=1
  say "$1"
  say "@$p"
}
restore() {
  if [ "$b" = absent ]; then
    rm -f "../$c"
  elif [ -e "$X/keep.$i" ] && { [ ! -e old ] || [ -e "$X/torn.$i" ]; }; then
    stand && inode "$X/old.$i"
  elif [ -e old ]; then
    again
  else
    cp -a "$X/old.$i" alt && sy "$h/alt" && lay alt
  fi && sy "$d/" "$h"
}
stand() {
  [ -e old ] || ln "../$c" old || return 1
  [ -e alt ] || cp -p "../$c" alt || return 1
  sum alt
  [ "$H" = "$b" ] || { fill alt "$X/old.$i" && same alt "$b"; } || return 1
  sy "$h/alt" && lay alt && sy "$d/" "$h"
}
`;

/**
 * In place: where the name cannot be given to another inode (bind mounts), others have it too (hard links), or nothing hides well (FAT).
 * X/torn.N stands while we write, X/did.N after it. The mark alone does not tell a half written file from one that somebody has mended since: ours is a
 * beginning of the new (or on the way back the old) bytes, with nothing but zeros after it, as a power cut may leave them.
 */
const IN_PLACE = sh`
half() {
  [ -e "$X/torn.$i" ] && [ -f "$E" ] || return 1
  y=$(tr -d '\000' <"$E" | sha256sum)
  q=$(tr -d '\000' <"$E" | wc -c)
  for x in new old; do
    [ -f "$X/$x.$i" ] && [ "$(tr -d '\000' <"$X/$x.$i" | head -c $((q)) | sha256sum)" = "$y" ] && return 0
  done
  return 1
}
overwrite() {
  if [ "$H" != "$a" ]; then
    if [ "$H" != "$b" ] && ! half; then
      [ -e "$X/did.$i" ] || foreign
      return
    fi
    if [ "$a" = absent ]; then
      rm -f "$E" && mark did
    else
      mark torn && cat "$X/new.$i" >"$E" && sy "$E" && same "$E" "$a" && mv -f "$X/torn.$i" "$X/did.$i"
    fi || return 1
    sy "$d/"
    step "swapped $i $p"
  fi
  rm -f "$X/torn.$i"
}
unwrite() {
  if [ "$H" != "$b" ]; then
    if [ "$H" = "$a" ] || half; then
      regain || { stuck 'cannot be put back'; return; }
      sy "$d/"
      step "restored $i $p"
    elif [ -e "$X/torn.$i" ]; then
      stuck "half overwritten when it was cut, and changed by somebody since: left as it is. What it held before is in \${X#"$R"}/old.$i"
      return
    else
      [ ! -e "$X/did.$i" ] || stuck 'changed by somebody else after it was written, left as it is'
      return
    fi
  fi
  rm -f "$X/torn.$i"
}
regain() {
  if [ "$b" = absent ]; then
    rm -f "$E"
  else
    mark torn
    cat "$X/old.$i" >"$E" && touch -r "$X/old.$i" "$E" && sy "$E"
  fi
}
`;

export const SWAP = [STATE, WAYS, IN_PLACE].join("\n");
