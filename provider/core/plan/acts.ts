/**
 * What interrupts is never done by the way (design.md, "Power"): a plan only names it, and an Activation does it when it
 * is allowed by name.
 */
export interface Act {
  act: ActName;
  /** The VM of a power cycle, `guest` of a guest's own reboot; `host` for all others. */
  target: string;
  /** Fields that run only after it. */
  fields: string[];
}

export type ActName =
  | "update-grub"
  | "hypervisor-install"
  | "host-reboot"
  | "rtvm-power-cycle"
  | "vm-power-cycle"
  | "guest-reboot";

/** In the order in which they have to be done (acrn-reference 7b). */
const ORDER: Record<ActName, { rank: number; interrupts: string }> = {
  "hypervisor-install": { rank: 0, interrupts: "nothing until the host reboots" },
  "update-grub": { rank: 1, interrupts: "nothing until the host reboots" },
  "host-reboot": { rank: 2, interrupts: "the Service VM and every other VM" },
  "rtvm-power-cycle": { rank: 3, interrupts: "this VM alone" },
  "vm-power-cycle": { rank: 3, interrupts: "this VM alone" },
  "guest-reboot": { rank: 3, interrupts: "this guest alone" },
};

/** The acts that a list of needs amounts to: each once, in order. */
export function actsFor(needs: readonly { field: string; acts: readonly { act: ActName; target: string }[] }[]): Act[] {
  const found = new Map<string, Act>();
  for (const { field, acts } of needs)
    for (const { act, target } of acts) {
      const known = found.get(`${act} ${target}`) ?? { act, target, fields: [] };
      known.fields.push(field);
      found.set(`${act} ${target}`, known);
    }
  return [...found.values()].sort((a, b) => ORDER[a.act].rank - ORDER[b.act].rank || (a.target < b.target ? -1 : 1));
}

/** `host-reboot (interrupts the Service VM and every other VM)`. */
export function showAct({ act, target }: Act): string {
  return `${act}${target === "host" || target === "guest" ? "" : ` of ${target}`} (interrupts ${ORDER[act].interrupts})`;
}
