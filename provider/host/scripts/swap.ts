import { sh } from "./sh";

/**
 * After `commit`: forward, or where that fails back, in reverse order. `ours`: this one was swapped already; the hidden new file is gone,
 * or for the other ways X/did.N says so. A file that is neither old nor new was changed by somebody else: after our swap that is no
 * hindrance to the way forward; before it, the way is back, and the file stays as they made it.
 */
export const SWAP = sh`
ours() {
  case $a.$how in
    absent.*|*.in-place) [ -e "$X/did.$i" ];;
    *) [ ! -e "$h" ];;
  esac
}
half() { [ "$how" = in-place ] && [ -e "$X/torn.$i" ]; }
forward() {
  now
  if [ "$H" != "$a" ]; then
    if [ "$H" != "$b" ] && ! half; then
      ours && return 0
      say 'changed by somebody else meanwhile'
      return 1
    fi
    case $a.$how in
      absent.*) rm -f "$E" && say >"$X/did.$i" "$p";;
      *.rename) mv -f "$h" "$E";;
      *) say >"$X/torn.$i" "$p" && sy "$X/torn.$i" && cat "$X/new.$i" >"$E" && sy "$E" && same "$E" && mv -f "$X/torn.$i" "$X/did.$i";;
    esac || return 1
    sy "\${E%/*}"
    step "swapped $i $p"
  fi
  rm -f "$h" "$X/torn.$i"
}
back() {
  now
  if [ "$H" != "$b" ]; then
    if [ "$H" = "$a" ] || half; then
      restore || { bad=1; say "@$p"; return 0; }
      sy "\${E%/*}"
      step "restored $i $p"
    else
      ours || return 0
      bad=1
      say 'changed by somebody else after it was written, left as it is'
      say "@$p"
      return 0
    fi
  fi
  rm -f "$h" "$X/torn.$i"
}
restore() {
  if [ "$b" = absent ]; then
    rm -f "$E"
  elif [ "$how" = rename ]; then
    cp -a "$X/old.$i" "$h" && sy "$h" && mv -f "$h" "$E"
  else
    cat "$X/old.$i" >"$E" && touch -r "$X/old.$i" "$E" && sy "$E"
  fi
}
`;
