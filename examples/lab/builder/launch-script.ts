import { type BoardLayout, layOut } from "./board-layout";
import { isPostLaunched, isRealtime, versionOf, vmName } from "./scenario";
import type { BoardSpec, ScenarioSpec, VmSpec } from "./spec";

export interface LaunchScriptFile {
  /** Without folder: `launch_user_vm_id1.sh`. */
  name: string;
  /** What acrn-dm is given as the VM's name. */
  vm: string;
  text: string;
}

/** The scripts that ACRN's tools generate for the post-launched VMs of a scenario, in the words of its version. */
export function launchScripts(board: BoardSpec, scenario: ScenarioSpec): LaunchScriptFile[] {
  const layout = layOut(board);
  const service = scenario.vms.findIndex((vm) => vm.kind === "service");
  return scenario.vms.flatMap((vm, id) => {
    if (!isPostLaunched(vm.kind)) return [];
    const number = id - service;
    const name = vmName(scenario, id) ?? `post_vm_id${number}`;
    if (scenario.dialect === "2.x") return [script2x(scenario, vm, name, number)];
    return [{ name: `launch_user_vm_id${number}.sh`, vm: name, text: text3x(layout, scenario, vm, name) }];
  });
}

/** APIC ids as 3.x scripts hold them: decimal, in numerical order. */
export function apicIdsOf(layout: BoardLayout, cpus: number[]): number[] {
  const ids = cpus.map((cpu) => layout.threads.find((thread) => thread.cpu === cpu)?.apicId);
  if (ids.includes(undefined)) throw new Error(`the board lacks one of the pCPUs ${cpus}`);
  return (ids as number[]).sort((a, b) => a - b);
}

/** The functions that generated scripts bring along, cut down to what the lab needs to look right and to run. */
const HELPERS_3X = `
function probe_modules() {
    modprobe pci_stub
}

function offline_cpus() {
    for apic_id in "$@"; do
        cpu=$(awk -v id="$apic_id" '$1 == "processor" { cpu = $3 } $1 == "apicid" && $3 == id { print cpu }' /proc/cpuinfo)
        [ -n "$cpu" ] && [ "$cpu" != 0 ] || continue
        echo 0 > "/sys/devices/system/cpu/cpu$cpu/online"
        echo "$cpu" > /sys/devices/virtual/misc/acrn_hsm/remove_cpu
    done
}

function add_cpus() {
    if [ "$vm_type" = "RTVM" ] || [ "$scheduler" = "SCHED_NOOP" ] || [ "$own_pcpu" = "y" ]; then
        offline_cpus "$@"
    fi
    cpus="$*"
    echo -n "--cpu_affinity \${cpus// /,}"
}

function add_virtual_device() {
    echo -n "-s $1,$2\${3:+,$3}"
}

function add_passthrough_device() {
    echo -n "-s $1,passthru,$2\${3:+,$3}"
}

function add_logger_settings() {
    echo -n "--logger_setting console,level=4;kmsg,level=3;disk,level=5"
}
`.trim();

function text3x(layout: BoardLayout, scenario: ScenarioSpec, vm: VmSpec, name: string): string {
  const late = versionOf(scenario) === "3.3";
  const settings = [
    `vm_type='${isRealtime(vm.kind) ? "RTVM" : "STANDARD_VM"}'`,
    `scheduler='${scenario.scheduler ?? "SCHED_BVT"}'`,
    ...(late ? [`own_pcpu='${vm.ownPcpu ? "y" : "n"}'`] : []),
  ];
  const table = layout.threads.map(({ cpu, apicId }) => `#     ${String(cpu).padEnd(10)} ${apicId}`);
  return [
    "#!/bin/bash",
    "# SPDX-License-Identifier: BSD-3-Clause",
    `# Launch script for VM name: ${name}`,
    "",
    HELPERS_3X,
    "",
    "# The rest of this file is generated from the scenario: changes are lost at the next build.",
    "",
    ...settings,
    "",
    "probe_modules",
    "",
    "# CPUs are named by APIC id, in decimal:",
    "#     Linux CPU  APIC id",
    ...table,
    "",
    "dm_params=(",
    ...dmParams3x(layout, vm, name).map((line) => `    ${line}`),
    ")",
    "",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: bash, not TypeScript
    'echo "Launch device model with parameters: ${dm_params[@]}"',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: bash, not TypeScript
    'acrn-dm "${dm_params[@]}"',
    "",
  ].join("\n");
}

/** Order and conditions as launch_cfg_gen.py has them (reference 6.1). */
function dmParams3x(layout: BoardLayout, vm: VmSpec, name: string): string[] {
  const realtime = isRealtime(vm.kind);
  const passthrough = (vm.pci ?? []).map((text) => text.slice(0, 7).replace(/[:.]/g, "/"));
  return [
    `\`add_cpus ${apicIdsOf(layout, vm.cpus).join(" ")}\``,
    `-m ${vm.memoryMb ?? 1024}M`,
    "--ovmf /usr/share/acrn/bios/OVMF.fd",
    ...(realtime ? [] : ["`add_virtual_device 1:0 lpc`"]),
    "`add_virtual_device 0:0 hostbridge`",
    ...(realtime ? ["--virtio_poll 1000000"] : []),
    `\`add_virtual_device 3 virtio-blk ./${name}.img\``,
    ...passthrough.map((bdf, index) => `\`add_passthrough_device ${4 + index} ${bdf}\``),
    ...(passthrough.length > 0 ? ["--intr_monitor 10000,10,1,100"] : []),
    ...(realtime ? ["--rtvm"] : []),
    ...(realtime && (vm.lapic ?? true) ? ["--lapic_pt"] : []),
    "`add_logger_settings`",
    name,
  ];
}

/** 2.x: pCPU ids, one command line, VMs told by uuid up to v2.6 (reference 6.1, 6.2). */
function script2x(scenario: ScenarioSpec, vm: VmSpec, name: string, number: number): LaunchScriptFile {
  const late = versionOf(scenario) === "2.7";
  const uuid = `-U 00000000-0000-4000-8000-${String(number).padStart(12, "0")} `;
  const lapic = isRealtime(vm.kind) && (vm.lapic ?? true) ? "--lapic_pt " : isRealtime(vm.kind) ? "--rtvm " : "";
  const text = [
    "#!/bin/bash",
    "# SPDX-License-Identifier: BSD-3-Clause",
    "",
    `function launch_${late ? "user_vm" : "uos"}_id${number}()`,
    "{",
    `vm_name=${name}`,
    `mem_size=${vm.memoryMb ?? 1024}M`,
    "",
    `acrn-dm -A -m $mem_size -s 0:0,hostbridge ${late ? "" : uuid}\\`,
    `   --mac_seed $(cat /sys/class/net/e*/address | head -n 1)-\${vm_name} ${lapic}\\`,
    ...(scenario.scheduler === "SCHED_NOOP" ? [] : [`   --cpu_affinity ${vm.cpus.join(",")} \\`]),
    `   -s 3,virtio-blk,./${name}.img \\`,
    "   $vm_name",
    "}",
    "",
    `launch_${late ? "user_vm" : "uos"}_id${number}`,
    "",
  ];
  return { name: `launch_${late ? "user_vm" : "uos"}_id${number}.sh`, vm: name, text: text.join("\n") };
}
