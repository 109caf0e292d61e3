// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are shell scripts
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { needs } from "../../../support/needs";

/** The words that acrn-dm is called with when bash runs a script; undefined: it is not called. */
export type Run = (script: string) => string[] | undefined;

/**
 * A folder in which launch scripts run with an acrn-dm that only records its arguments. Their `/sys` and `/proc` are in that folder: a
 * launch script takes CPUs offline.
 */
export function withBash(context: Mocha.Context, use: (run: Run) => void): void {
  needs(context, spawnSync("bash", ["-c", ":"]).status === 0, "no bash");
  const folder = mkdtempSync(join(tmpdir(), "acrn-launch-"));
  try {
    mkdirSync(join(folder, "bin"));
    const stub = (name: string, body: string) =>
      writeFileSync(join(folder, "bin", name), `#!/bin/bash\n${body}\n`, { mode: 0o755 });
    stub("acrn-dm", `printf '%s\\0' "$@" > '${folder}/argv'`);
    stub("modprobe", ":");
    stub("sudo", 'exec "$@"');
    use((script) => runIn(folder, script));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function runIn(folder: string, script: string): string[] | undefined {
  rmSync(join(folder, "argv"), { force: true });
  const text = script.replaceAll("/sys/", `${folder}/sys/`).replaceAll("/proc/", `${folder}/proc/`);
  writeFileSync(join(folder, "l.sh"), `${text}\nwait\n`);
  spawnSync("bash", ["l.sh"], { cwd: folder, env: { PATH: `${folder}/bin:${process.env.PATH}` } });
  try {
    return readFileSync(join(folder, "argv"), "utf8").split("\0").slice(0, -1);
  } catch {
    return undefined;
  }
}

const WITH_VALUE = new Set(
  (
    "-B -E -k -r -m -l -s -U --ovmf --iasl --cpu_affinity --virtio_poll --mac_seed --intr_monitor --logger_setting " +
    "--acpidev_pt --cmd_monitor"
  ).split(" "),
);

/** What getopt makes of words, said once more and more simply: options by name, and the operands. */
export function optionsIn(words: readonly string[]): { options: Record<string, string | true>; operands: string[] } {
  const options: Record<string, string | true> = {};
  const operands: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    const [, attached, value] = /^(--\w+)=([\s\S]*)$/.exec(word) ?? /^(-\w)([\s\S]+)$/.exec(word) ?? [];
    if (!word.startsWith("-")) operands.push(word);
    else if (attached && value !== undefined) put(options, attached, value);
    else put(options, word, WITH_VALUE.has(word) ? (words[++at] as string) : true);
  }
  return { options, operands };
}

function put(options: Record<string, string | true>, option: string, value: string | true): void {
  if (option !== "-s" || value === true) options[option] = value;
  else {
    const comma = value.indexOf(",");
    options[`-s ${value.slice(0, comma).replace(/:0$/, "")}`] = value.slice(comma + 1);
  }
}

/** Functions as ACRN's template has them, in fewer words: what they print is the same. */
export const FUNCTIONS = [
  "function offline_cpus() {",
  '  for id in $*; do echo "$id" >> offline; done',
  "}",
  "",
  "function add_cpus() {",
  '  if [ "${vm_type}" = "RTVM" ]; then offline_cpus $*; fi',
  '  echo -n "--cpu_affinity $(IFS=,; echo "$*")"',
  "}",
  "",
  "function add_interrupt_storm_monitor() {",
  '  echo -n "--intr_monitor $1,$2,$3,$4"',
  "}",
  "",
  "function add_logger_settings() {",
  "  all=()",
  '  for each in $*; do all+=("${each%=*},level=${each#*=}"); done',
  '  echo -n "--logger_setting $(IFS=";"; echo "${all[*]}")"',
  "}",
  "",
  "function add_virtual_device() {",
  '  echo -n "-s $1,$2${3:+,$3}"',
  "}",
  "",
  "function add_passthrough_device() {",
  "  place=${2#*:}",
  '  printf -- "-s %s,passthru,%x/%x/%x" "$1" "0x${place%%:*}" "0x$(cut -c 4-5 <<< "$place")" "${2#*.}"',
  '  echo -n "${3:+,$3}"',
  "}",
  "",
].join("\n");

/** A script in the shape of 3.x: `dm_params` with these lines. */
export function script3x(...lines: string[]): string {
  return [
    "#!/bin/bash",
    "# Launch script for VM name: RT1",
    FUNCTIONS,
    "vm_type='RTVM'",
    "mac=$(cat /sys/class/net/e*/address)",
    "",
    "# Invoking ACRN device model",
    "dm_params=(",
    ...lines.map((line) => `    ${line}`),
    ")",
    "",
    'echo "Launch device model with parameters: ${dm_params[@]}"',
    'acrn-dm "${dm_params[@]}"',
    "",
  ].join("\n");
}

/** Lines as the generator of 3.x has them for an RTVM. */
export const PARAMS = [
  "`add_cpus                                 4 6`",
  "-m 1024M",
  "--ovmf /usr/share/acrn/bios/OVMF.fd",
  "`add_virtual_device                       0:0 hostbridge`",
  "--virtio_poll 1000000",
  "`add_virtual_device                       3 virtio-console @stdio:stdio_port`",
  "`add_virtual_device                       4 virtio-net tap=RT,mac_seed=${mac:0:17}-RT1`",
  "`add_virtual_device                       5 virtio-blk ./rt.img`",
  "`add_passthrough_device                   6 0000:02:00.0 enable_ptm`",
  "`add_interrupt_storm_monitor              10000 10 1 100`",
  "--rtvm",
  "--lapic_pt",
  "`add_logger_settings                      console=4 kmsg=3 disk=5`",
  "RT1",
];

/** A script in the shape of 2.x, up to v2.6: the VM's name comes from what the function is called with. */
export function script2x(...lines: string[]): string {
  return [
    "#!/bin/bash",
    "",
    "function run_container()",
    "{",
    "vm_name=vm1",
    "exit",
    "}",
    "",
    "function tap_net() {",
    "tap=$1",
    "}",
    "",
    "function launch_preempt_rt_linux()",
    "{",
    "mac=$(cat /sys/class/net/e*/address)",
    "vm_name=post_vm_id$1",
    "mac_seed=${mac:0:17}-${vm_name}",
    "",
    "tap_net tap_RT",
    "mem_size=1024M",
    "#interrupt storm monitor for pass-through devices, params order:",
    'intr_storm_monitor="--intr_monitor 10000,10,1,100"',
    "",
    'logger_setting="--logger_setting console,level=4;kmsg,level=3;disk,level=5"',
    "",
    "acrn-dm -A -m $mem_size -s 0:0,hostbridge -U 495ae2e5-2603-4d64-af76-d4bc5a8ec0e5 \\",
    ...lines.map((line) => `   ${line} \\`),
    "   $vm_name",
    "}",
    "",
    "launch_preempt_rt_linux 2",
    "",
  ].join("\n");
}

export const PARAMS_2X = [
  "--mac_seed $mac_seed",
  "--virtio_poll 1000000",
  "--lapic_pt",
  "$logger_setting",
  "-s 3,virtio-console,@stdio:stdio_port",
  "-s 4,virtio-blk,./rt.img",
  "--ovmf /usr/share/acrn/bios/OVMF.fd",
  "--cpu_affinity 2,3",
  "$intr_storm_monitor",
  "-s 5,passthru,02/00/0",
];
