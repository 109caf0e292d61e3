import { cpuList, has, lastOf } from "./line";
import type { Chosen } from "./loaders/types";
import { cpusOf, type GuestOsSpec } from "./spec";

type Texts = Record<string, string>;

/** Whether a kernel's name says PREEMPT_RT, as distributions name theirs. */
export const isRealtime = (kernel: string): boolean => /(^|[-+.])(rt\d*|realtime)\b/.test(kernel);

/** What /proc, /sys and /dev of a guest say once its kernel runs with its line. */
export function liveTexts({ kernel, cmdline }: Pick<Chosen, "kernel" | "cmdline">, spec: GuestOsSpec): Texts {
  const cpus = Array.from({ length: cpusOf(spec) }, (_, cpu) => cpu);
  const last = cpus.length - 1;
  const all = last === 0 ? "0" : `0-${last}`;
  const list = (key: string): string => ranges(cpuList(lastOf(cmdline, key) ?? "", cpus.length) ?? []);
  const x2apic = (spec.x2apic ?? true) && !has(cmdline, "nox2apic");
  return {
    "/proc/cmdline": `${cmdline}\n`,
    "/proc/version": `Linux version ${kernel} (lab@lab) ${buildOf(kernel)}\n`,
    "/proc/sys/kernel/osrelease": `${kernel}\n`,
    "/proc/sys/kernel/version": `${buildOf(kernel)}\n`,
    ...(isRealtime(kernel) && { "/sys/kernel/realtime": "1\n" }),
    "/proc/cpuinfo": cpus.map((cpu) => cpuinfo(cpu, spec.x2apic ?? true)).join("\n"),
    "/sys/devices/system/cpu/online": `${all}\n`,
    "/sys/devices/system/cpu/present": `${all}\n`,
    "/sys/devices/system/cpu/possible": `${all}\n`,
    "/sys/devices/system/cpu/isolated": `${list("isolcpus")}\n`,
    "/sys/devices/system/cpu/nohz_full": `${list("nohz_full")}\n`,
    "/dev/kmsg": kernelLog(kernel, cmdline, x2apic),
    ...sysctls(kernel, cmdline),
    ...machineChecks(cpus, cmdline),
  };
}

const buildOf = (kernel: string): string => `#1 SMP ${isRealtime(kernel) ? "PREEMPT_RT" : "PREEMPT_DYNAMIC"} lab`;

/** The flag is a capability, and there whatever mode the local APIC is in (tip T01). */
function cpuinfo(cpu: number, x2apic: boolean): string {
  const lines = [
    `processor\t: ${cpu}`,
    "vendor_id\t: GenuineIntel",
    "model name\t: Lab CPU",
    "physical id\t: 0",
    `core id\t\t: ${cpu}`,
    `apicid\t\t: ${cpu}`,
    `flags\t\t: fpu tsc msr apic mce mca${x2apic ? " x2apic" : ""} tsc_deadline_timer hypervisor`,
  ];
  return `${lines.join("\n")}\n`;
}

/** Records as /dev/kmsg has them [Documentation/ABI/testing/dev-kmsg]; what is said of x2APIC: arch/x86/kernel/apic/apic.c. */
function kernelLog(kernel: string, cmdline: string, x2apic: boolean): string {
  const apic = has(cmdline, "nox2apic")
    ? "x2apic: disabled on command line"
    : "x2apic: IRQ remapping doesn't support X2APIC mode";
  const lines = [
    `Linux version ${kernel} (lab@lab) ${buildOf(kernel)}`,
    `Command line: ${cmdline}`,
    ...(x2apic ? ["x2apic enabled", "APIC: Switched APIC routing to: cluster x2apic"] : [apic]),
  ];
  return lines.map((line, at) => `6,${at},${at * 100},-;${line}\n`).join("");
}

/** What a kernel begins with, before any fragment; NUMA balancing is not built with PREEMPT_RT [init/Kconfig: NUMA_BALANCING]. */
function sysctls(kernel: string, cmdline: string): Texts {
  const watchdog = lastOf(cmdline, "nmi_watchdog") === "0" || isRealtime(kernel) ? "0" : "1";
  const values: Texts = {
    "kernel/timer_migration": "1",
    "kernel/sched_rt_runtime_us": "950000",
    "kernel/sched_rt_period_us": "1000000",
    "kernel/nmi_watchdog": watchdog,
    "kernel/watchdog": has(cmdline, "nowatchdog") ? "0" : "1",
    "kernel/soft_watchdog": has(cmdline, "nosoftlockup") || has(cmdline, "nowatchdog") ? "0" : "1",
    "kernel/softlockup_panic": "0",
    "kernel/hung_task_panic": "0",
    "kernel/hung_task_timeout_secs": "120",
    "kernel/panic": String(Number.parseInt(lastOf(cmdline, "panic") ?? "0", 10) || 0),
    "kernel/panic_on_oops": "0",
    "kernel/printk": "7\t4\t1\t7",
    "kernel/sysrq": "1",
    "vm/stat_interval": "1",
    "vm/swappiness": "60",
    "vm/dirty_ratio": "20",
    "net/ipv4/ip_forward": "0",
    "net/ipv4/ping_group_range": "1\t0",
    "net/ipv4/conf/all/rp_filter": "0",
    "net/ipv4/conf/default/rp_filter": "0",
    "kernel/pid_max": "32768",
    "kernel/yama/ptrace_scope": "1",
    "fs/protected_symlinks": "0",
    ...(!isRealtime(kernel) && { "kernel/numa_balancing": "1" }),
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`/proc/sys/${name}`, `${value}\n`]));
}

/** mce=off: no CPU has them [arch/x86/kernel/cpu/mce/core.c: mce_available, mcheck_init_device]. */
function machineChecks(cpus: readonly number[], cmdline: string): Texts {
  const value = lastOf(cmdline, "mce") ?? "";
  if (value === "off" || has(cmdline, "nomce")) return {};
  const ignore = value === "ignore_ce" ? "1" : "0";
  return Object.fromEntries(
    cpus.map((cpu) => [`/sys/devices/system/machinecheck/machinecheck${cpu}/ignore_ce`, `${ignore}\n`]),
  );
}

/** The kernel's list format. */
export function ranges(sorted: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const id of sorted) {
    const run = runs.at(-1);
    if (run && run[1] === id - 1) run[1] = id;
    else runs.push([id, id]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(",");
}
