import { HEAD } from "./base";
import { minify, sh } from "./sh";

/**
 * Sets values of the running kernel: a line a value, `PATH VALUE`, up to `go`; a value may have blanks and tabs. Each is written in its turn,
 * whatever became of the one before: of some pairs the first has to fail. Then each is read back: `v PATH VALUE`; what a write said in
 * `e PATH WORDS`. A path that is not there is not made.
 */
const SET = sh`
W= S=
while IFS= read -r x && [ "$x" != go ]; do
  p=\${x%% *} v=\${x#* }
  case $p in /sys/*|/proc/sys/*) ;; *) continue;; esac
  case $p in *[!A-Za-z0-9:./_-]*|*..*) continue;; esac
  case $v in *[![:print:][:blank:]]*) continue;; esac
  [ -f "$R$p" ] || { say "e $p is not there"; continue; }
  l=$({ printf '%s\n' "$v" >"$R$p"; } 2>&1) || say "e $p $l"
  case $S$n in *"$n$p$n"*) ;; *) S=$S$n$p;; esac
done
for p in $S; do
  # not the shell's read: see text() in facts.ts
  l=$(cat "$R$p" 2>/dev/null)
  say "v $p \${l%%"$n"*}"
done
say 'end set'
`;

/** The script that sets values of the running kernel. */
export function runningScript(): string {
  return minify([HEAD, SET].join("\n"));
}
