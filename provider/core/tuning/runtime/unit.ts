import { RUNTIME_SCRIPT } from "./script";

export const TUNING_UNIT = "pulumi-acrn-tuning.service";
export const TUNING_UNIT_PATH = `/etc/systemd/system/${TUNING_UNIT}`;
/** Pulls the unit in, as a link in multi-user.target.wants would. */
export const TUNING_DROP_IN_PATH = "/etc/systemd/system/multi-user.target.d/pulumi-acrn-tuning.conf";

/** Runs the script once a boot. `/bin/sh FILE` works on file systems mounted noexec; the folder can be one that is mounted late. */
export const TUNING_UNIT_TEXT = `# Written by pulumi-acrn.
[Unit]
Description=Runtime knobs of pulumi-acrn
RequiresMountsFor=${RUNTIME_SCRIPT.slice(0, RUNTIME_SCRIPT.lastIndexOf("/"))}
ConditionPathExists=${RUNTIME_SCRIPT}

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh ${RUNTIME_SCRIPT}
`;

/**
 * A target waits for what it wants in its own file [systemd.target(5), "Implicit Dependencies"], so the knobs are set before multi-user.target is reached; graphical.target
 * waits for that in turn. A guest whose default target pulls in neither does not run the unit.
 */
export const TUNING_DROP_IN_TEXT = `# Written by pulumi-acrn.
[Unit]
Wants=${TUNING_UNIT}
`;

/** Words for `systemctl` once the files are written, and once they are gone: an active unit whose file went would be listed for ever. */
export const TUNING_COMMANDS = {
  written: [["daemon-reload"], ["restart", TUNING_UNIT]],
  givenBack: [["stop", TUNING_UNIT], ["daemon-reload"]],
} as const;
