/** Where the hand-made launch script lies. */
export const HOME = "/root/acrn-work/launch_user_vm_id1.sh";

/** Who is hit, and when: before a word of the client arrives, or at an event of the machine; `nth` from 1. */
export interface Fault {
  how: "power" | "cut" | "killed";
  at: string;
  nth: number;
}

/** What is activated: a power cycle of a VM whose script is ours or edited, or a reboot into another image. */
export interface Job {
  name: string;
  args: Record<string, unknown>;
  act: "rtvm-power-cycle" | "host-reboot";
  pcpus: number[];
}

const OWNED = { script: { owned: "/root/acrn-work/rt.sh" }, memory: "2G" };

export const JOBS = {
  owned: { name: "owned script", act: "rtvm-power-cycle", pcpus: [3], args: { ...OWNED, autostart: true } },
  alone: { name: "owned script, no autostart", act: "rtvm-power-cycle", pcpus: [3], args: OWNED },
  edited: {
    name: "edited script",
    act: "rtvm-power-cycle",
    pcpus: [3],
    args: { script: { edited: HOME }, memory: "2G", autostart: true },
  },
  reboot: { name: "reboot", act: "host-reboot", pcpus: [2, 3], args: { ...OWNED, autostart: true } },
  rebootAlone: { name: "reboot, no autostart", act: "host-reboot", pcpus: [2, 3], args: OWNED },
} as const satisfies Record<string, Job>;
