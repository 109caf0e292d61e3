// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are shell scripts
import { AcrnError } from "../../errors";
import type { DmArgument } from "./argument";
import { dmArguments } from "./dm-arguments";
import { type Preparation, preparation } from "./preparation";
import { CHECK_FILES, CHECK_NOT_RUNNING, checkHost } from "./script/base";
import { cpuFunctions } from "./script/cpus";
import { FIND_INPUT, MOUNTS, PASSTHROUGH, TAPS } from "./script/devices";
import { NOTE, RUN, START } from "./script/run";
import { word } from "./script/word";
import type { VmConfig } from "./types";

/**
 * A launch script that is wholly ours: it means what ACRN's generator would write for this VM, checks everything before a CPU leaves the
 * Service VM, runs acrn-dm in a unit of its own, and leaves `started <boot id> <pid>` or `ended <boot id> <status>` in
 * `/run/pulumi-acrn/vms/<name>`. bash 4.4 or newer; its exit status is acrn-dm's, or one of `LAUNCH_EXIT`.
 */
export function ownedScript(vm: VmConfig): string {
  refuseName(vm);
  const needs = preparation(vm);
  const args = dmArguments(vm);
  const iasl = vm.dialect === "3.x" && !vm.dmArgs.some((arg) => arg.startsWith("--iasl"));
  return [
    head(vm),
    ...data(needs),
    ...parameters(args),
    checkHost(iasl),
    needs.files.length + needs.filesOnMounts.length > 0 ? CHECK_FILES : "",
    CHECK_NOT_RUNNING,
    needs.handOver ? cpuFunctions(needs.handOver) : "",
    needs.unbind.length > 0 ? PASSTHROUGH : "",
    needs.taps.length > 0 ? TAPS : "",
    needs.mounts.length > 0 ? MOUNTS : "",
    NOTE,
    RUN(needs.mounts.length > 0),
    START(vm.realtime),
    main(needs),
  ].join("");
}

/**
 * Names of a unit, of files, and of a word in comments; acrn-dm gives up on longer ones [v2.7 and later, main.c: MAX_VM_NAME_LEN],
 * which would be after the script took the CPUs.
 */
export function refuseName({ name, uuid }: Pick<VmConfig, "name" | "uuid">): void {
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(name) && name.length <= (uuid === undefined ? 15 : 127)) return;
  throw new AcrnError("launch.vm-name", `the VM name ${JSON.stringify(name)} cannot be used for a launch`, {
    hint: "Use at most 15 letters, digits, _ and -, and begin with a letter.",
  });
}

const head = ({ name }: VmConfig): string => `#!/bin/bash
#
# Launch script of the ACRN VM ${name}, written by pulumi-acrn (RtVm with "script: { owned }").
# It is written anew with each change of that resource: change the program, not this file.
#
# Makes the machine ready, starts acrn-dm in the unit pulumi-acrn-vm-${name}.service and waits for it. The VM goes on when
# this script is ended; how it ended stays in /run/pulumi-acrn/vms/${name}.

set -u
vm=${word(name)}
record=/run/pulumi-acrn/vms/$vm
`;

function data({ files, filesOnMounts, mounts, unbind, taps, handOver }: Preparation): string[] {
  const ids = handOver?.ids.map(String) ?? [];
  return [
    list("files", "Files that acrn-dm opens.", files),
    list("hand_over", `CPUs that leave the Service VM until the next boot: ${cpuNames(handOver)}.`, ids),
    list("devices", "PCI devices of this VM.", unbind),
    list("taps", "Network interfaces, made where they are missing.", taps),
    mounts.length === 0 ? "" : mountList(mounts),
    list("disks", "Disk images on these partitions.", filesOnMounts),
  ];
}

const cpuNames = (handOver: Preparation["handOver"]): string =>
  handOver?.by === "apic" ? "APIC ids, as in /proc/cpuinfo" : "numbers, as Linux counts them";

function list(name: string, comment: string, words: readonly string[]): string {
  if (words.length === 0) return "";
  return `\n# ${comment}\n${name}=(\n${words.map((text) => `  ${word(text)}\n`).join("")})\n`;
}

function mountList(mounts: Preparation["mounts"]): string {
  const lines = mounts.map(({ partition, at }) => `  [${word(at)}]=${word(partition)}\n`);
  return `\n# Partitions that hold disk images, by where they are mounted.\ndeclare -A partitions=(\n${lines.join("")})\n`;
}

/** The array that acrn-dm gets, one argument a line; before it what only the machine can tell. */
function parameters(args: readonly DmArgument[]): string[] {
  const [values, lines] = [args.map(({ value }) => value), args.map((arg, at) => `  ${line(arg, at)}\n`)];
  const seeded = values.some((value) => typeof value === "object" && !("input" in value));
  const inputs = args.map(inputLines).join("");
  return [
    seeded ? SEED : "",
    inputs === "" ? "" : `${FIND_INPUT}\n${inputs}`,
    `\n# What acrn-dm is given; the name of the VM is last.\ndm_params=(\n${lines.join("")})\n`,
  ];
}

/** As in generated scripts, so that guests keep their MAC addresses. [launch_cfg_gen.py generate_for_one_vm; v2.5 com.py tap_uos_net] */
const SEED = `
# The MAC addresses of the guest are made from that of the first Ethernet interface here.
mac=$(cat /sys/class/net/e*/address 2>/dev/null)
mac=\${mac:0:17}
`;

function line({ option, value }: DmArgument, at: number): string {
  const before = option === undefined ? "" : `${word(option)} `;
  if (value === undefined) return before.trimEnd();
  if (typeof value === "string") return `${before}${word(value)}`;
  if ("input" in value) return `"\${input_${at}[@]}"`;
  return `${before}${value.before === "" ? "" : word(value.before)}"$mac"${word(value.after)}`;
}

function inputLines({ option, value }: DmArgument, at: number): string {
  if (typeof value !== "object" || !("input" in value)) return "";
  const words = `${word(value.before)}"$event"${value.after === "" ? "" : word(value.after)}`;
  const { name, phys } = value.input;
  return `input_${at}=()\nevent=$(find_input ${word(name)} ${word(phys)}) && input_${at}=(${option} ${words})\n`;
}

/** What `--check` asks: whatever would keep the VM from starting, as far as it can be told while the VM still runs. */
const CHECKS = new Set(["check_host", 'check_files "${files[@]}"', "check_devices", "check_cpus\n  find_remove_cpu"]);

/** Checks first, then what can be repeated, the CPUs last. bash reads on in a file while it runs, so the last line ends it. */
function main({ files, filesOnMounts, mounts, unbind, taps, handOver }: Preparation): string {
  const steps = [
    "check_host",
    "check_not_running",
    files.length > 0 && 'check_files "${files[@]}"',
    unbind.length > 0 && "check_devices",
    handOver && "check_cpus\n  find_remove_cpu",
    mounts.length > 0 && "trap unmount_partitions EXIT\n  mount_partitions",
    filesOnMounts.length > 0 && 'check_files "${disks[@]}"',
    taps.length > 0 && "make_taps",
    unbind.length > 0 && "stub_devices",
    handOver && "hand_over_cpus",
    mounts.length > 0 && "trap - EXIT",
    "start_unit",
  ];
  return `
main() {
  if [ -n "\${PULUMI_ACRN_UNIT-}" ]; then
    run_vm "$PULUMI_ACRN_UNIT"
    return
  fi
  if [ "\${1-}" = --check ]; then
${lines(
  steps.filter((step) => step && CHECKS.has(step)),
  "    ",
)}    return
  fi
${lines(steps, "  ")}}

main "$@"; exit
`;
}

function lines(steps: readonly (string | false | undefined)[], indent: string): string {
  return steps.flatMap((step) => (step ? `${indent}${step.replaceAll("\n  ", `\n${indent}`)}\n` : [])).join("");
}
