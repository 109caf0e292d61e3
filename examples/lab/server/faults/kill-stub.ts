import { chmodSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Kill, Victim } from "./types";

/** In the host's state folder: a line for each step that fitted, and a mark that the kill was done. */
const COUNT = "kill-steps";
const DONE = "kill-done";

/**
 * A \`sync\` that leads PATH on the host. The scripts sync their journal after each line of it (scripts/commit.ts, \`step\`), so the n-th sync of a
 * file of that name is step n; then whoever is to die is looked up where the scripts write down who they are, and killed.
 */
export function armKill(bin: string, state: string, { at, whom = "runner" }: Kill): void {
  const count = join(state, COUNT);
  for (const file of [COUNT, DONE]) rmSync(join(state, file), { force: true });
  const line = typeof at === "number" ? "*" : `'${at}'*`;
  const script = `#!/bin/sh
PATH=\${PATH#*:} sync "$@" || exit
case \${1##*/} in journal) ;; *) exit 0;; esac
case $(tail -n 1 "$1") in ${line}) echo >>'${count}';; *) exit 0;; esac
[ "$(wc -l <'${count}')" -eq ${typeof at === "number" ? at : 1} ] || exit 0
>'${join(state, DONE)}'
d=\${1%/journal}
${VICTIMS[whom]}
`;
  const path = join(bin, "sync");
  writeFileSync(path, script);
  chmodSync(path, 0o755);
}

export const killed = (state: string): boolean => existsSync(join(state, DONE));

export function disarmKill(bin: string): void {
  rmSync(join(bin, "sync"), { force: true });
}

/** A lock and a runner's file start with boot id, pid and start time (scripts/lock.ts). */
const pidIn = (file: string): string => `read -r _ p _ <${file} && kill -9 "$p"`;

const RUNNER = `for f in "$d"/tx/*/runner; do ${pidIn('"$f"')}; done`;
const HOLDER = pidIn('"$d/lock"');

/** The holder first: one that lives recovers at once. */
const VICTIMS: Record<Victim, string> = { runner: RUNNER, holder: HOLDER, both: `${HOLDER}\n${RUNNER}` };
