import { DEFAULT_BOOT_TIME, type HostTreeSpec, LAB_KERNEL } from "./host-spec";

/** A CPU as the Service VM numbers it; its APIC id is what ties it to a pCPU of the board. */
export interface SvmCpu {
  number: number;
  apicId: number;
}

/** What only a running Service VM has: /proc, /sys, /etc/machine-id and the processes of its VMs. */
export function liveFiles(spec: HostTreeSpec, cpus: SvmCpu[]): Record<string, string> {
  const offline = new Set(spec.offline ?? []);
  const online = cpus.filter((cpu) => !offline.has(cpu.number));
  return {
    "/etc/machine-id": `${spec.machineId}\n`,
    "/sys/class/dmi/id/product_uuid": `${spec.productUuid}\n`,
    "/proc/sys/kernel/random/boot_id": `${spec.bootId}\n`,
    "/proc/cmdline": `BOOT_IMAGE=/boot/vmlinuz-lab root=UUID=00000000-0000-4000-8000-000000000001 ro quiet\n`,
    "/proc/sys/kernel/osrelease": `${spec.kernels?.[0] ?? LAB_KERNEL}\n`,
    "/proc/version": `Linux version ${spec.kernels?.[0] ?? LAB_KERNEL} (lab@lab) #1 SMP PREEMPT_RT\n`,
    "/proc/cpuinfo": online.map(cpuinfo).join("\n"),
    "/proc/stat": `cpu  0 0 0 0 0 0 0 0 0 0\nbtime ${spec.bootTime ?? DEFAULT_BOOT_TIME}\nprocesses 1000\n`,
    ...cpuFiles(cpus, offline),
    ...gpuFiles(spec),
    ...vmFiles(spec),
  };
}

/**
 * Offline CPUs are not in /proc/cpuinfo: the trap of mapping by it later. As many lines as the kernel prints (show_cpuinfo): launch scripts
 * look for a processor in the 15 lines before its APIC id.
 */
function cpuinfo({ number, apicId }: SvmCpu): string {
  const lines = [
    `processor\t: ${number}`,
    "vendor_id\t: GenuineIntel",
    "cpu family\t: 6",
    "model\t\t: 151",
    "stepping\t: 1",
    "microcode\t: 0x2c",
    "cpu MHz\t\t: 2000.000",
    "cache size\t: 12288 KB",
    "physical id\t: 0",
    `core id\t\t: ${number}`,
    `apicid\t\t: ${apicId}`,
    `initial apicid\t: ${apicId}`,
    "fpu\t\t: yes",
    "fpu_exception\t: yes",
    "cpuid level\t: 32",
    "wp\t\t: yes",
    "flags\t\t: fpu x2apic hypervisor",
    "bogomips\t: 4000.00",
    "clflush size\t: 64",
  ];
  return `${lines.join("\n")}\n`;
}

/** cpu0 cannot go offline, so it has no `online` file. */
function cpuFiles(cpus: SvmCpu[], offline: Set<number>): Record<string, string> {
  const folder = "/sys/devices/system/cpu";
  const files: Record<string, string> = {
    [`${folder}/online`]: `${ranges(cpus.map((cpu) => cpu.number).filter((cpu) => !offline.has(cpu)))}\n`,
    [`${folder}/offline`]: `${ranges([...offline].sort((a, b) => a - b))}\n`,
  };
  for (const { number } of cpus.slice(1)) files[`${folder}/cpu${number}/online`] = offline.has(number) ? "0\n" : "1\n";
  return files;
}

/** What i915 has for its card [v6.1 drivers/gpu/drm/i915/gt/intel_gt_sysfs_pm.c, gen6_gt_attrs]. */
function gpuFiles({ gpu }: HostTreeSpec): Record<string, string> {
  if (!gpu) return {};
  const { lowest, highest, address = "0000:00:02.0" } = gpu;
  const now = gpu.now ?? { min: lowest, max: highest, boost: highest };
  const values = { ...now, RPn: lowest, RP0: highest, RP1: highest, cur: lowest, act: 0 };
  const folder = `/sys/bus/pci/devices/${address}/drm/card0`;
  return Object.fromEntries(Object.entries(values).map(([name, mhz]) => [`${folder}/gt_${name}_freq_mhz`, `${mhz}\n`]));
}

/** The kernel's list format, written here anew: a lab that shared the product's code could not contradict it. */
function ranges(sorted: number[]): string {
  const runs: [number, number][] = [];
  for (const id of sorted) {
    const last = runs.at(-1);
    if (last && last[1] === id - 1) last[1] = id;
    else runs.push([id, id]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(",");
}

/** acrn-dm's command line, divided by NULs, its VM's name last; and the socket by which acrnd knows it. */
function vmFiles({ runningVms = [] }: HostTreeSpec): Record<string, string> {
  const files: Record<string, string> = {};
  for (const { name, pid, args } of runningVms) {
    files[`/proc/${pid}/cmdline`] = `${["/usr/bin/acrn-dm", ...args, name].join("\0")}\0`;
    files[`/proc/${pid}/comm`] = "acrn-dm\n";
    files[`/run/acrn/mngr/${name}.monitor.${pid}.socket`] = "";
  }
  return files;
}
