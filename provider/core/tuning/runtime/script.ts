import { shellQuote } from "../../text/shell-quote";
import { REPORT } from "./report";
import { checkKnob, type KnobSetting } from "./value";

/** Where the script lies. */
export const RUNTIME_SCRIPT = "/var/lib/pulumi-acrn/tuning.sh";

/**
 * Sets runtime knobs, for POSIX sh (dash and busybox's ash too). What has its value already is not written again, so it may run any number of times; what it
 * did stands in the report, as with the logging services masked (T13) nothing that it prints is kept. Its status is 1 when something failed.
 *
 * @throws AcrnError `tuning.knob`, `cpu-mask.syntax`
 */
export function runtimeScript(settings: readonly KnobSetting[]): string {
  const calls = settings.map((setting) => {
    const { knob, value } = checkKnob(setting);
    // a pattern must reach the shell unquoted, and has no sign that divides words
    return `knob ${knob.name} ${shellQuote(value)} ${knob.mayRefuse ? "refused" : "failed"} ${knob.paths.map(quotePattern).join(" ")}\n`;
  });
  return `${HEAD}\n${calls.join("")}${TAIL}`;
}

/** Taken apart in the script, where the pattern is matched below the root; here it is one word. */
function quotePattern(pattern: string): string {
  return `'${pattern}'`;
}

const HEAD = `#!/bin/sh
# Runtime knobs of pulumi-acrn, which wrote this file; pulumi-acrn-tuning.service runs it at each boot.
# $1: a folder that stands for the root (none on a machine that runs).
root=\${1-}
report=$root${REPORT}
failed=0

tell() {
  printf '%s\\n' "$*"
  printf '%s\\n' "$*" >>"$report.new"
}

# Without the zeros and commas in front, which say nothing in a mask.
bare() {
  bare=$1
  while :; do
    case $bare in
      0* | ,*) bare=\${bare#?} ;;
      *) break ;;
    esac
  done
}

# says FILE VALUE: a choice shows all values, and its own in brackets
says() {
  text=
  IFS= read -r text 2>/dev/null <"$1" || [ -n "$text" ] || return 1
  case $text in *"[$2]"*) return 0 ;; esac
  bare "$text"
  text=$bare
  bare "$2"
  [ "$text" = "$bare" ]
}

# knob NAME VALUE WORD PATTERN...: WORD is what a file that does not take the value is called
knob() {
  name=$1 value=$2 word=$3
  shift 3
  there=0
  for pattern; do
    for file in "$root"$pattern; do
      # a pattern that nothing matches stands for itself
      [ -e "$file" ] || continue
      there=$((there + 1))
      says "$file" "$value" || { printf '%s\\n' "$value" >"$file"; } 2>/dev/null
      says "$file" "$value" && continue
      tell "$word $name \${file#"$root"}"
      [ "$word" = refused ] || failed=1
    done
  done
  if [ $there -eq 0 ]; then tell "absent $name"; else tell "set $name $value $there"; fi
}

: >"$report.new" || exit 1
`;

const TAIL = `
mv -f "$report.new" "$report"
exit $failed
`;
