import type { Finding, Rule } from "./types";
import { finding, ifRtvm, inRtvm, valuesOf } from "./words";

/** T01: LAPIC passthrough is real only once the guest's local APIC is in x2APIC mode. */
export const x2apic: Rule = (input) => {
  const severity = inRtvm(input);
  if (!severity) return [];
  const { line, guest } = input;
  const add = (kind: Finding["severity"], message: string, hint: string) => [
    finding(kind, "tuning.x2apic", "T01", "kernelArgs.nox2apic", `${message}${ifRtvm(input)}`, hint),
  ];
  if (valuesOf(line, "nox2apic").length > 0)
    return add(
      severity,
      "nox2apic keeps the local APIC out of x2APIC mode, so it is not passed through",
      "Say kernelArgs: { nox2apic: null }.",
    );
  const { x2apicMode: mode, x2apicCapable: capable } = guest;
  if (mode.known && mode.value) return [];
  if (mode.known) {
    const able = capable.known && !capable.value ? ", and the CPU does not offer it" : "";
    const message = `the local APIC is not in x2APIC mode (${mode.why ?? "as the guest runs"})${able}, so every access to it exits to the hypervisor`;
    return add(
      "warning",
      message,
      "Give the VM LAPIC passthrough (--lapic_pt), a kernel with CONFIG_X86_X2APIC, and start it again.",
    );
  }
  const flag = capable.known && capable.value ? "; the flag in /proc/cpuinfo only says that it could be" : "";
  return add(
    "note",
    `x2APIC mode was not checked: ${mode.why}${flag}`,
    'Look for "x2apic enabled" in the guest\'s kernel log.',
  );
};

/** T09: RDMSR 0x3b is trapped only while VMX_TSC_OFFSET_FULL is not zero; its value proves nothing (acrn-reference 7b). */
export const tscOffset: Rule = (input) => {
  if (!inRtvm(input)) return [];
  const { tscOffset: offset } = input.guest;
  if (offset.known && offset.value === "zero") return [];
  const add = (kind: Finding["severity"], message: string, hint: string) => [
    finding(kind, "tuning.tsc-offset", "T09", "guest", `${message}${ifRtvm(input)}`, hint),
  ];
  if (offset.known)
    return add(
      "warning",
      `VMX_TSC_OFFSET_FULL is not zero (${offset.why ?? "by the time of RDMSR 0x3b"}): each access to TSC_ADJUST and TSC_DEADLINE exits`,
      "Nobody may write TSC_ADJUST: look for firmware or a kernel module that does, and start the VM again.",
    );
  return add(
    "note",
    `the TSC offset was not checked: ${offset.why}`,
    "The lint of kernel modules lists who writes TSC_ADJUST.",
  );
};

/** A kernel without PREEMPT_RT keeps no deadline, whatever its settings; Xenomai brings its own scheduler. */
export const preemptRt: Rule = ({ guest, xenomai }) => {
  if (xenomai || !guest.preemptRt.known || guest.preemptRt.value) return [];
  const message = `the guest's kernel has no PREEMPT_RT (${guest.preemptRt.why ?? "by its version"}): these settings help it, and do not make it real-time`;
  return [
    finding(
      "warning",
      "tuning.preempt-rt",
      "T23",
      "profile",
      message,
      "Install an RT kernel (Debian: linux-image-rt-amd64).",
    ),
  ];
};

/** Right on a bare-metal host of VMs, without effect or wrong inside a real-time VM. */
const HOST_ONLY: readonly (readonly [pattern: RegExp, why: string])[] = [
  [/^intel_iommu$|^iommu$/, "a guest of ACRN sees no IOMMU"],
  [/^kvm(?:_intel|_amd)?\.|^kvm-(?:intel|amd)\./, "KVM runs VMs of its own, which a real-time VM does not"],
  [/^(?:no_)?kvmclock|^no_kvmapf$/, "the hypervisor is ACRN, which has no KVM clock"],
];

export const hostOnly: Rule = (input) => {
  if (!input.guest.rtvm.known || !input.guest.rtvm.value) return [];
  return input.line.flatMap(({ key, value }) => {
    const why = HOST_ONLY.find(([pattern]) => pattern.test(key.replaceAll("-", "_")))?.[1];
    if (why === undefined || value === "off") return []; // off is what a guest has anyway
    const text = value === true ? key : `${key}=${value}`;
    return [
      finding(
        "warning",
        "tuning.host-only",
        "",
        `kernelArgs.${key}`,
        `${text} is for hosts of VMs: ${why}`,
        "Leave it out here.",
      ),
    ];
  });
};
