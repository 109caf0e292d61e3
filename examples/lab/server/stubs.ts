import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LabHostSpec, SudoMode } from "./types";

/**
 * Commands that lead PATH on a lab host: `id` and `sudo` act a user of the host, whoever runs the lab. What they know
 * about the user comes in PULUMI_ACRN_LAB_* variables, which the session sets.
 */
export function writeStubs(folder: string, spec: LabHostSpec, sudo: SudoMode): void {
  mkdirSync(folder, { recursive: true });
  const scripts = { id: ID, sudo: SUDO[sudo], ...spec.commands };
  for (const [name, script] of Object.entries(scripts)) {
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\n${script}`);
    chmodSync(path, 0o755);
  }
}

const ID = `
case "$*" in
  -u) echo "$PULUMI_ACRN_LAB_UID" ;;
  -un) if [ "$PULUMI_ACRN_LAB_UID" = 0 ]; then echo root; else echo "$USER"; fi ;;
  *) PATH=\${PATH#*:} exec id "$@" ;;
esac
`;

/** The options that sudo(8) has and that we or a user may send; then the command runs as root. */
const OPTIONS = `
no_prompt= ; from_stdin= ; prompt="[sudo] password for $USER: " ; validate=
while [ $# -gt 0 ]; do
  case "$1" in
    --) shift; break ;;
    -n|--non-interactive) no_prompt=1; shift ;;
    -S|--stdin) from_stdin=1; shift ;;
    -nS|-Sn) no_prompt=1; from_stdin=1; shift ;;
    -p|--prompt) prompt=$2; shift 2 ;;
    -p*) prompt=\${1#-p}; shift ;;
    --prompt=*) prompt=\${1#--prompt=}; shift ;;
    -v) validate=1; shift ;;
    -k|-K) forget=1; shift ;;
    -u|--user) shift 2 ;;
    -E|-H|-b) shift ;;
    -*) echo "sudo: invalid option -- '$1'" >&2; exit 1 ;;
    *) break ;;
  esac
done
if [ $# -eq 0 ]; then
  if [ -z "$validate$forget" ]; then echo "usage: sudo command [arg ...]" >&2; exit 1; fi
  set -- true
fi
become_root() {
  PULUMI_ACRN_LAB_UID=0 SUDO_USER=$USER
  USER=root LOGNAME=root
  export PULUMI_ACRN_LAB_UID SUDO_USER USER LOGNAME
  exec "$@"
}
if [ "$PULUMI_ACRN_LAB_UID" = 0 ]; then become_root "$@"; fi
`;

/** \`read\` takes a pipe byte by byte (POSIX), so what follows the password is left for the command, as with sudo -S. */
const ASK = `
if [ -n "$no_prompt" ]; then echo "sudo: a password is required" >&2; exit 1; fi
if [ -z "$from_stdin" ]; then
  echo "sudo: a terminal is required to read the password; either use the -S option to read from standard input or configure an askpass helper" >&2
  echo "sudo: a password is required" >&2
  exit 1
fi
tries=0
while [ $tries -lt 3 ]; do
  printf '%s' "$prompt" >&2
  if ! IFS= read -r given; then
    echo >&2; echo "sudo: no password was provided" >&2; echo "sudo: a password is required" >&2; exit 1
  fi
  if [ "$given" = "$(cat "$PULUMI_ACRN_LAB_SECRET")" ]; then GRANTED; fi
  tries=$((tries + 1))
  if [ $tries -lt 3 ]; then echo "Sorry, try again." >&2; fi
done
echo "sudo: 3 incorrect password attempts" >&2
exit 1
`;

const SUDO: Record<SudoMode, string> = {
  root: `echo "sh: 1: sudo: not found" >&2\nexit 127\n`,
  nopasswd: `${OPTIONS}\nbecome_root "$@"\n`,
  password: `${OPTIONS}${ASK.replace("GRANTED", 'unset given; become_root "$@"')}`,
  none: `${OPTIONS}${ASK.replace("GRANTED", 'echo "$USER is not in the sudoers file." >&2; exit 1')}`,
};
