import type { CheckInput, Finding, Rule } from "./types";
import { finding, ifRtvm, inRtvm, valuesOf } from "./words";

/** [ACRN hypervisor/arch/x86/guest/vm_reset.c handle_common_reset_reg_write]; acrn-reference 7b, docs/power.md. */
const COLD = "a reset inside a real-time VM resets the whole machine with all its VMs";

/** 7b: nothing inside a real-time VM may reset. `reboot=t` makes a reset a triple fault, which acrn-dm sees as power-off. */
export const reset: Rule = (input) => {
  const severity = inRtvm(input);
  return severity ? [...panic(input, severity), ...watchdogs(input, severity)] : [];
};

function panic(input: CheckInput, severity: "refusal" | "warning" | "note"): Finding[] {
  const said = panicSaid(input);
  if (!said || said.seconds === 0) return [];
  const add = (kind: typeof severity, message: string, hint: string) => [
    finding(kind, "tuning.panic", "7b", said.property, message, hint),
  ];
  if (rebootsByTripleFault(input))
    return add(
      "warning",
      `${said.text} with reboot=t: a panic powers the guest off, where acrn-dm takes a triple fault for that; never proven on hardware${ifRtvm(input)}`,
      "Prove it once with `pulumi-acrn selftest` before you rely on it, or take the reset away.",
    );
  return add(
    severity,
    `${said.text}: after a panic the guest resets, and ${COLD}${ifRtvm(input)}`,
    said.running
      ? "Set the sysctl kernel.panic to 0, so that a panic stops the guest and nothing else."
      : "Take it off the line (a panic then stops the guest and nothing else), or add reboot=t.",
  );
}

interface PanicSaid {
  text: string;
  seconds: number;
  property: string;
  running?: true;
}

/** The sysctl is set later than the line; where neither says anything the kernel was built with a time (CONFIG_PANIC_TIMEOUT). */
function panicSaid({ line, sysctls, guest }: CheckInput): PanicSaid | undefined {
  const sysctl = sysctls.get("kernel.panic");
  if (sysctl !== undefined)
    return { text: `kernel.panic = ${sysctl}`, seconds: seconds(sysctl), property: "sysctls.kernel.panic" };
  const value = valuesOf(line, "panic").at(-1);
  if (value !== undefined) return { text: `panic=${value}`, seconds: seconds(value), property: "kernelArgs.panic" };
  if (!guest.panicTimeout.known || guest.panicTimeout.value === 0) return undefined;
  const running = guest.panicTimeout.value;
  return { text: `kernel.panic is ${running}`, seconds: running, property: "sysctls.kernel.panic", running: true };
}

/** Negative: at once. What is no number leaves the former value, so it is taken for a reset. */
function seconds(text: string): number {
  const value = Number(text);
  return text.trim() === "" || Number.isNaN(value) ? -1 : value;
}

/** The last letter that names a way counts, over all `reboot=` and their commas [Linux kernel/reboot.c reboot_setup]. */
function rebootsByTripleFault({ line }: CheckInput): boolean {
  const words = valuesOf(line, "reboot").flatMap((value) => value.split(","));
  return words.filter((word) => /^[baktep]/.test(word) && !word.startsWith("panic_")).at(-1)?.[0] === "t";
}

function watchdogs(input: CheckInput, severity: "refusal" | "warning" | "note"): Finding[] {
  const { guest, line } = input;
  const fed = valuesOf(line, "systemd.watchdog_sec")
    .filter((value) => !["0", "off"].includes(value))
    .map((value) => ({ what: `systemd.watchdog_sec=${value}`, where: "kernel command line" }));
  const hint =
    "Switch it off in the guest: only the machine's own watchdog, fed by the Service VM, can rescue a hung real-time VM.";
  const found = [...fed, ...(guest.watchdogs.known ? guest.watchdogs.value : [])].map(({ what, where }) =>
    finding(
      severity,
      "tuning.watchdog",
      "7b",
      "watchdog",
      `${what} (${where}): it ends in a reset, and ${COLD}${ifRtvm(input)}`,
      hint,
    ),
  );
  if (guest.watchdogs.known) return found;
  const message = `whether a watchdog would reset the guest was not checked: ${guest.watchdogs.why}`;
  return [...found, finding("note", "tuning.watchdog", "7b", "watchdog", message, hint)];
}
