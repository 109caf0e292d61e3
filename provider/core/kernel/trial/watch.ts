import { TRIAL_ARMED, TRIAL_MARKER } from "./armed";
import type { TrialMachine } from "./means";

/** Ends a trial's boot that nobody confirmed. */
export const TRIAL_UNIT = "pulumi-acrn-trial.service";
export const TRIAL_UNIT_PATH = `/etc/systemd/system/${TRIAL_UNIT}`;
/** Pulls it in as early as systemd starts anything. */
export const TRIAL_DROP_IN_PATH = "/etc/systemd/system/sysinit.target.d/pulumi-acrn-trial.conf";

/** Without a limit that can be read. */
const LIMIT = 600;

/** How a machine leaves: the word for systemctl, and for a kernel that runs no program any more [Documentation/admin-guide/sysrq.rst]. */
const LEAVES = {
  rtvm: { word: "poweroff", sysrq: "o" },
  other: { word: "reboot", sysrq: "b" },
} as const;

/**
 * Files that make a trial's boot go back by itself, by path. They do nothing in any other boot, and nothing in a trial's that no Activation has armed.
 *
 * @param kind `rtvm`: it powers off, and no word in it could reset, which would be the whole machine's end (reference 7b)
 */
export function watchFiles(kind: TrialMachine["kind"]): ReadonlyMap<string, string> {
  return new Map([
    [TRIAL_UNIT_PATH, unitText(kind)],
    [TRIAL_DROP_IN_PATH, `# Written by pulumi-acrn.\n[Unit]\nWants=${TRIAL_UNIT}\n`],
  ]);
}

/**
 * No default dependencies, so that it neither waits for anything nor is stopped when the machine goes down [systemd.unit(5)]; what isolates (emergency mode, when a file system is missing) leaves it
 * alone. A simple service: an oneshot would hold up sysinit.target. Its output goes nowhere, since logging services may be masked (tip T13).
 */
function unitText(kind: TrialMachine["kind"]): string {
  return `# Written by pulumi-acrn.
[Unit]
Description=Way back from a kernel line that nobody confirms
DefaultDependencies=no
IgnoreOnIsolate=yes
RequiresMountsFor=${TRIAL_ARMED.slice(0, TRIAL_ARMED.lastIndexOf("/"))}
ConditionKernelCommandLine=${TRIAL_MARKER}
ConditionPathExists=${TRIAL_ARMED}

[Service]
Type=simple
OOMScoreAdjust=-1000
StandardOutput=null
StandardError=null
ExecStart=/bin/sh -c '${escaped(watchScript(kind)).join(" \\\n  ")}'
`;
}

/**
 * For POSIX sh, commands to be joined in one line. The marker's removal decides between this and whoever confirms; where nothing can be removed it goes all the same. Each step
 * is given time, and none is waited for: a disk that is gone holds up whatever asks it. sleep(1) is nanosleep(2), which no change of the clock reaches.
 */
function watchScript(kind: TrialMachine["kind"]): string[] {
  const { word, sysrq } = LEAVES[kind];
  return [
    `R=\${PULUMI_ACRN_ROOT-}; M=$R${TRIAL_ARMED};`,
    'read -r id seconds kind <"$M" && [ "$id" ] || exit 0;',
    'read -r line <"$R/proc/cmdline";',
    `case " $line " in *" ${TRIAL_MARKER}=$id "*) ;; *) exit 0;; esac;`,
    `case $seconds in ""|*[!0-9]*) seconds=${LIMIT};; esac;`,
    'sleep "$seconds";',
    'rm "$M" || [ -e "$M" ] || exit 0;',
    `echo "<2>pulumi-acrn: not confirmed within $seconds s, back to the old kernel line" >>"$R/dev/kmsg";`,
    "sync &",
    `systemctl -i ${word} & sleep 120;`,
    `systemctl --force ${word} & sleep 30;`,
    `systemctl --force --force ${word} & sleep 30;`,
    `echo ${sysrq} >"$R/proc/sysrq-trigger"`,
  ];
}

/** As systemd reads a command: it expands `$` and `%` itself, in quotes too [systemd.service(5), "Command lines"]. */
function escaped(lines: readonly string[]): string[] {
  return lines.map((line) => line.replaceAll("%", "%%").replaceAll("$", "$$$$"));
}
