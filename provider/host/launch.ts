import { gzipSync } from "node:zlib";
import { AcrnError } from "../core/errors";
import { shellQuote } from "../core/text/shell-quote";
import { visibleLines } from "../core/text/visible";
import { minify, sh } from "./scripts/sh";
import type { Elevation } from "./types";

/**
 * Reads lines until one starts with `acrn:` and runs what that line holds. Nothing in it needs more than single quotes, so that it means the same
 * in sh, bash, zsh, fish and csh; the script itself never is a login shell's business. read(1) of a shell takes a pipe byte
 * by byte, so everything after that line is still there for the script. At the end of input it ends: a line that a cut link left half would
 * otherwise run as the beginning of a script.
 */
const LOADER = loader("");

/** What the far side says on a terminal before it reads a line. */
export const READY = "pulumi-acrn ready";

/** Says so before each line: also before those it skips, so that it does not matter whether sudo asked for the password. */
const TTY_LOADER = `stty raw -echo || { echo; echo pulumi-acrn frame 1; echo error tool.missing stty; exit 1; }; ${loader(`echo; echo ${READY}; `)}`;

function loader(before: string): string {
  return sh`while ${before}IFS= read -r s || exit; do case $s in acrn:*) break;; esac; done; eval "$(printf %s "\${s#acrn:}" | base64 -d | gzip -d)"`;
}

/** How a script is started: a short command, always the same, and what goes to its stdin first. */
export interface Launch {
  command: string;
  /**
   * On a pipe all of it goes at once. On a terminal each piece waits for one READY: sudo reads ahead there with `use_pty`, and throws away what
   * has come before its prompt's answer (sudo, lib/util/term.c: TCSAFLUSH). Holds the password where there is one: never log it.
   */
  stdin: readonly string[];
}

/** How `script` is started with `elevation`. The password is only ever in `stdin`. */
export function launch(elevation: Elevation, script: string, tty = false): Launch {
  const command = `sh -c '${tty ? TTY_LOADER : LOADER}'`;
  // A terminal has one output: what a command says there would stand in the frame.
  const line = pack(tty ? `exec 2>/dev/null\n${script}` : script);
  switch (elevation.how) {
    case "none":
      return { command, stdin: [line] };
    case "auto":
      return { command, stdin: [pack(becomeRoot(tty)), line] };
    case "sudo-password": {
      const password = `${checked(elevation.password)}\n`;
      // Once for the trial, once for sudo itself; the loader skips what sudo did not ask for.
      return { command, stdin: [pack(becomeRootWithPassword(tty)) + password, password, line] };
    }
  }
}

/**
 * Why sudo did not do it, by its own English words (sudo 1.8 to 1.9: plugins/sudoers/{check,logging,sudoers}.c, auth/pam.c), hence LC_ALL.
 * `no CODE` is the whole answer then; the words go along for what we do not know.
 */
const REFUSED = sh`
no() {
  set -f
  set -- "$1" "$(id -un):" $e
  printf '\npulumi-acrn frame 1\nerror %s\n' "$*"
}
why() {
  case $e in
    *'have a tty'*) no sudo.tty;;
    *'sudo: not found'*|*'sudo: command not found'*) no sudo.missing;;
    *'password is expired'*|*'assword expired'*|*'ccount expired'*) no sudo.expired;;
    *'not in the sudoers'*|*'not allowed'*|*'may not run'*|*'afraid I can'*) no sudo.denied;;
    *'incorrect password attempt'*|*'incorrect authentication attempt'*|*'ry again'*) no sudo.password;;
    *'password is required'*|*'authentication is required'*|*'no password was provided'*) no $1;;
    *) no sudo.failed;;
  esac
}`;

/** sudo clears the environment: the prefix goes along as an argument. */
const start = (tty: boolean) =>
  `L=${shellQuote(tty ? TTY_LOADER : LOADER)}\nexport LC_ALL=C\nr=\${PULUMI_ACRN_ROOT-}\n${REFUSED}`;

const becomeRoot = (tty: boolean) =>
  minify(`${start(tty)}
if [ "$(id -u)" = 0 ]; then set -- "$r"; eval "$L"
elif e=$(sudo -n /bin/sh -c : 2>&1 </dev/null); then exec sudo -n /bin/sh -c "$L" sh "$r"
else why sudo.refused; fi`);

/**
 * The trial asks once, with sudo's stdin ending after the password: a wrong one counts once, and nothing waits for a second answer. On a terminal
 * the prompt is the word that lets the client answer.
 */
const becomeRootWithPassword = (tty: boolean) =>
  minify(`${start(tty)}
IFS= read -r p
if [ "$(id -u)" = 0 ]; then set -- "$r"; eval "$L"; exit; fi
if e=$(printf '%s\\n' "$p" | sudo -k -S -p '' /bin/sh -c : 2>&1); then p=; exec sudo -S -p '${tty ? `\n${READY}\n` : ""}' /bin/sh -c "$L" sh "$r"; fi
why sudo.password`);

/** One line; the bytes of a gzip header that differ between machines (RFC 1952 2.3.1: OS) are fixed. */
function pack(script: string): string {
  const packed = gzipSync(script, { level: 9 });
  packed[9] = 255;
  return `acrn:${packed.toString("base64")}\n`;
}

function checked(password: string): string {
  if (password !== "" && !/[\n\r\0]/.test(password) && !password.startsWith("acrn:")) return password;
  throw new AcrnError("sudo.password", "the sudo password cannot be sent", {
    hint: "It must not be empty, hold a line break, or start with the word that starts our scripts. Check the secret.",
  });
}

/** Text of the target, made fit to be quoted: without `secret`, made visible, not too long. */
export function harmless(text: string, secret?: string): string {
  const blanked = secret ? text.replaceAll(secret, "********") : text;
  const clean = visibleLines(blanked.replaceAll("\r\n", "\n"));
  return clean.length > 2000 ? `...${clean.slice(-2000)}` : clean;
}
