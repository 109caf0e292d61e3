import { gzipSync } from "node:zlib";
import { AcrnError } from "../core/errors";
import { shellQuote } from "../core/text/shell-quote";
import { sh } from "./scripts/sh";
import type { Elevation } from "./types";

/**
 * Reads lines until one starts with `acrn:` and runs what that line holds. Nothing in it needs more than single quotes, so that it means the same
 * in sh, bash, zsh, fish and csh; the script itself never is a login shell's business. read(1) of a shell takes a pipe byte
 * by byte, so everything after that line is still there for the script.
 */
const LOADER = sh`while IFS= read -r s; do case $s in acrn:*) break;; esac; done; eval "$(printf %s "\${s#acrn:}" | base64 -d | gzip -d)"`;

/** How a script is started: a short command, always the same, and what goes to its stdin first. */
export interface Launch {
  command: string;
  /** Holds the password where there is one: never log it. */
  stdin: string;
}

/** How `script` is started with `elevation`. The password is only ever in `stdin`. */
export function launch(elevation: Elevation, script: string): Launch {
  const command = `sh -c '${LOADER}'`;
  const line = pack(script);
  switch (elevation.how) {
    case "none":
      return { command, stdin: line };
    case "auto":
      return { command, stdin: pack(BY_ITSELF) + line };
    case "sudo-password": {
      const password = `${checked(elevation.password)}\n`;
      // Once for the trial, once for sudo itself; the loader skips what sudo did not ask for.
      return { command, stdin: pack(WITH_PASSWORD) + password + password + line };
    }
  }
}

const REFUSED = 'printf \'\\npulumi-acrn frame 1\\nerror %s %s\\n\' "$1" "$(id -un)"';
// sudo clears the environment: the prefix goes along as an argument. LC_ALL: its refusals are told apart by their English words.
const START = `L=${shellQuote(LOADER)}\nexport LC_ALL=C\nr=\${PULUMI_ACRN_ROOT-}\nno() { ${REFUSED}; }`;

const BY_ITSELF = `${START}
if [ "$(id -u)" = 0 ]; then set -- "$r"; eval "$L"
elif sudo -n /bin/sh -c : </dev/null >/dev/null 2>&1; then exec sudo -n /bin/sh -c "$L" sh "$r"
else no sudo.refused; fi`;

/** The trial asks once, with sudo's stdin ending after the password: a wrong one counts once, and nothing waits for a second. */
const WITH_PASSWORD = `${START}
IFS= read -r p
if [ "$(id -u)" = 0 ]; then set -- "$r"; eval "$L"; exit; fi
if e=$(printf '%s\\n' "$p" | sudo -k -S -p '' /bin/sh -c : 2>&1); then p=; exec sudo -S -p '' /bin/sh -c "$L" sh "$r"; fi
case $e in *'not in the sudoers'*|*'not allowed'*|*'may not run'*|*'not found'*|*'have a tty'*) no sudo.refused;; *) no sudo.password;; esac`;

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

/** Text of the target, made fit to be quoted: without `secret`, without control characters, not too long. */
export function harmless(text: string, secret?: string): string {
  const blanked = secret ? text.replaceAll(secret, "********") : text;
  const clean = blanked.replace(/\r?\n/g, "\n").replace(/[\p{Cc}\p{Cf}]/gu, (c) => (c === "\n" ? c : "?"));
  return clean.length > 2000 ? `...${clean.slice(-2000)}` : clean;
}
