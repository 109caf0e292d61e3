import { shellQuote } from "../../core/text/shell-quote";
import { HEAD, RESOLVE } from "./base";
import { COLLECT, TOOLS } from "./collect";
import { LOCK, UNLOCK } from "./lock";
import { DETACH, RECOVER, RUNNER, shared } from "./runner";
import { minify, sh } from "./sh";

/** Reads, and reads again as long as the client asks for it. Writes nothing, and has no function that could. */
const READ = sh`
snap
while IFS= read -r x && [ "$x" = again ]; do snap; done
say 'end 1'
`;

/**
 * Holds the lock over read, decision, commit and read. `tx ID BYTES SHA SIZE` announces a payload of BYTES on stdin: base64 of gzip of the
 * entries (SIZE bytes) and the new contents; it is verified before anything is touched. `ack` says that the client knows the result.
 */
const TRANSACT = sh`
receive() {
  id=$1 X=$D/tx/$1 RS= RE=
  e=$({ umask 077; mkdir -p "$X" && say "$4" >"$X/size" && head -c "$2" >"$X/wire"; } 2>&1)
  h=$(sha256sum 2>/dev/null <"$X/wire")
  release
  if [ "\${h%% *}" = "$3" ]; then
    # a runner that was killed is recovered at once
    u=
    detach && [ ! -e "$D/journal" ] || { barred || exit 1; u=$(full); recover; }
    id=$1 X=$D/tx/$1
    if [ -f "$X/result" ]; then fetch; else RS='failed start' RE=$u; fi
  else
    RS='failed receive' RE="$e$n$(full)"
  fi
  lease
  outcome "$id" "$RS" "$RE"
  case $RS in
    done) snap;;
    torn*) exit 1;;
    *) rm -rf "$X";;
  esac
}
lock
recover
lease
say "locked $me"
snap
while IFS= read -r x; do
  IFS=' '
  set -- $x
  IFS=$n
  case \${2-} in *[!0-9a-f]*) break;; esac
  case \${1-} in
    again) lease; snap;;
    tx) receive "$2" "$3" "$4" "$5";;
    result)
      lease
      id=$2 X=$D/tx/$2 RS=none RE=
      [ -f "$X/result" ] && fetch
      outcome "$id" "$RS" "$RE";;
    # the last word but one: a watcher that is told to go in the moment of its birth may not hear it
    ack) rm -rf "$D/tx";;
    *) break;;
  esac
done
unlock
say 'end 1'
`;

/** The script of a read. */
export function readScript(): string {
  return minify([HEAD, TOOLS, RESOLVE, COLLECT, "ask", READ].join("\n"));
}

/** The script of a transaction. `hook`: shell text for tests that follows each journal step, whose name is `$1`. */
export function transactScript(hook = ""): string {
  return minify(
    [
      HEAD,
      TOOLS,
      `ALL=${shellQuote(shared(hook))}`,
      'eval "$ALL"',
      COLLECT,
      RUNNER,
      LOCK,
      UNLOCK,
      DETACH,
      RECOVER,
      "ask",
      TRANSACT,
    ].join("\n"),
  );
}
