import { type Fact, known, unknown } from "../fact";

/** Lines of the kernel's log that prove a mode [Linux arch/x86/kernel/apic/apic.c, apic/probe_64.c]. The last one counts. */
const X2APIC: readonly (readonly [pattern: RegExp, on: boolean])[] = [
  [/\bx2apic enabled\b/i, true],
  [/\bx2apic: enabled by BIOS, switching to x2apic ops/, true],
  [/Switched APIC routing to:? (?:physical|cluster) x2apic/, true],
  [/Switched APIC routing to:? (?:physical )?flat/, false],
  [/\bx2apic disabled\b/i, false],
  [/x2apic: IRQ remapping doesn't support X2APIC mode/, false],
  [/Not enabling x2apic/, false],
];

/** Whether the local APIC is in x2APIC mode, by the kernel's log. A log without its start tells nothing. */
export function x2apicByLog(log: string | undefined): Fact<boolean> {
  if (log === undefined) return unknown("the kernel's log cannot be read");
  for (const line of log.split("\n").reverse()) {
    const found = X2APIC.find(([pattern]) => pattern.test(line));
    if (found)
      return known(found[1], `kernel log: ${JSON.stringify(line.replace(/^\[[^\]]*\]\s*/, "").slice(0, 120))}`);
  }
  return unknown("the kernel's log does not say, or has lost its first lines");
}

/** By IA32_APIC_BASE (MSR 0x1b) as rdmsr prints it: bit 10, with bit 11 for a local APIC that is on at all [SDM vol. 3, 11.12.1]. */
export function x2apicByMsr(hex: string): Fact<boolean> {
  const text = hex.trim().replace(/^0x/i, "");
  if (!/^[0-9a-f]{1,16}$/i.test(text)) return unknown(`MSR 0x1b reads ${JSON.stringify(hex.slice(0, 40))}`);
  return known((BigInt(`0x${text}`) & 0xc00n) === 0xc00n, `IA32_APIC_BASE is 0x${text}`);
}

/** Capability only, by /proc/cpuinfo. */
export function x2apicByCpuinfo(cpuinfo: string | undefined): Fact<boolean> {
  const flags = cpuinfo === undefined ? undefined : /^flags\s*:(.*)$/m.exec(cpuinfo)?.[1];
  if (flags === undefined) return unknown("/proc/cpuinfo cannot be read");
  return known(flags.trim().split(/\s+/).includes("x2apic"), "flags of /proc/cpuinfo");
}

/**
 * Whether a kernel has PREEMPT_RT: /sys/kernel/realtime (kernels with the whole patch set), else `uname -v`, which says PREEMPT_RT, and PREEMPT RT
 * in kernels before 5.4 [Linux scripts/mkcompile_h, init/Makefile].
 */
export function preemptRtBy(version: string | undefined, realtime: string | undefined): Fact<boolean> {
  if (realtime?.trim() === "1") return known(true, "/sys/kernel/realtime");
  if (version === undefined) return unknown("the kernel's version cannot be read");
  return known(/\bPREEMPT[_ ]RT\b/.test(version), `uname -v: ${version.trim().slice(0, 120)}`);
}
