import { LOGGING_UNITS } from "../services/logging";
import type { Entry, Profile } from "./types";

const PAGE = "ACRN Real-time VM Performance Tips";
const AVOID_ICR = `${PAGE}, "Utilize Preempt-RT Linux mechanisms to reduce the access of ICR from the RT core"`;

const logging: readonly Entry[] = LOGGING_UNITS.map(({ unit, where }) => ({
  what: "service",
  key: unit,
  value: "masked",
  reason: "a kernel message on an RT CPU would wake the logging service by an IPI, which exits to the hypervisor",
  source: AVOID_ICR,
  tip: "T13",
  ifThere: where,
}));

const power = (key: string, value: string, reason: string): Entry => ({
  what: "kernelArg",
  key,
  value,
  reason,
  source: `${PAGE}, "Disable the Intel processor C-state and P-state of the RTVM"`,
  tip: "T19",
});

/** T10 to T13 and T17 to T19, nothing else. Its kernel arguments come in the order of the page. */
export const acrnTips: Profile = {
  name: "acrn-tips",
  summary: "what ACRN's performance tips say of the guest, and nothing else",
  entries: [
    {
      what: "kernelArg",
      key: "isolcpus",
      value: "nohz,domain,{rt}",
      reason: "keeps the scheduler's balancing and, where one task runs, the tick off the RT CPUs",
      source: AVOID_ICR,
      tip: "T10",
    },
    {
      what: "kernelArg",
      key: "idle",
      value: "poll",
      reason: "an idle CPU that polls needs no IPI to wake up",
      source: AVOID_ICR,
      tip: "T11",
    },
    {
      what: "kernelArg",
      key: "rcu_nocbs",
      value: "{rt}",
      reason: "RCU callbacks of the RT CPUs run in threads that can be elsewhere",
      source: AVOID_ICR,
      tip: "T12",
    },
    {
      what: "kernelArg",
      key: "rcu_nocb_poll",
      value: true,
      reason: "those threads look for callbacks themselves, so an RT CPU sends no IPI to wake them",
      source: AVOID_ICR,
      tip: "T12",
    },
    {
      what: "kernelArg",
      key: "mce",
      value: "off",
      reason: "no periodic machine check timer, whose MSR accesses exit to the hypervisor",
      source: `${PAGE}, "Add mce=off to RT VM kernel parameters"`,
      tip: "T18",
    },
    power("processor.max_cstate", "0", "no sleep states to wake up from (acpi_idle)"),
    power("intel_idle.max_cstate", "0", "no sleep states to wake up from (intel_idle is off)"),
    power("intel_pstate", "disable", "no change of frequency, and no latency from it"),
    {
      what: "sysctl",
      key: "kernel.timer_migration",
      value: "0",
      reason:
        "a timer that an RT task arms fires on its own CPU and not on a housekeeping CPU that would have to send it back",
      source: `${PAGE}, "Disable timer migration on Preempt-RT Linux" (which names /proc/kernel/timer_migration: it is /proc/sys/kernel/timer_migration)`,
      tip: "T17",
    },
    ...logging,
  ],
};
