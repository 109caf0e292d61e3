import type { Snapshot } from "../../snapshot";

/**
 * What a guest is, as far as what it may do to itself goes. `rtvm`: a reset in it resets the whole machine (reference 7b), so nothing of ours lets it reset.
 * `service`: the Service VM, which boots with its host. `unknown`: it runs on ACRN, and nobody said which VM it is: it may be a real-time VM.
 */
export type GuestMachine =
  | { kind: "rtvm"; vm: string }
  | { kind: "service" }
  | { kind: "unknown"; why: string }
  | { kind: "other" };

/** By what the program says of it and by what it shows; a user's word that a reset is harmless is none of these. @param vm the RtVm that it is the system of */
export function guestMachine({ texts }: Snapshot, vm: string | undefined): GuestMachine {
  if (vm !== undefined) return { kind: "rtvm", vm };
  if (["dev/acrn_hsm", "dev/acrn_vhm"].some((name) => texts.get(name)?.trim() === "present"))
    return { kind: "service" };
  // [Linux arch/x86/kernel/cpu/hypervisor.c; cpu/acrn.c x86_hyper_acrn]
  const acrn = /hypervisor detected: ACRN/i.test(texts.get("kernel-log") ?? "");
  if (acrn)
    return { kind: "unknown", why: "it runs on ACRN, and the program does not say which VM it is (`vm` of its Guest)" };
  return { kind: "other" };
}

/** May it reset? Only where it is known that a reset is its own alone. */
export function mayReset({ kind }: GuestMachine): boolean {
  return kind === "other";
}
