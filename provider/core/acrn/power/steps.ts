import type { Act } from "../../plan/acts";
import type { PowerImage, PowerInput, PowerPlan, PowerVm, Step } from "./types";

export type { BesideImage, PowerImage, PowerInput, PowerPlan, PowerVm, Step } from "./types";

const DONE = new Set(["update-grub", "rtvm-power-cycle", "host-reboot"]);

/** From what is pending to what is done: each act once, the reboot first, and no power cycle of a VM that the reboot starts anew anyway. */
export function planPower(input: PowerInput): PowerPlan {
  const done = input.image ? new Set([...DONE, "hypervisor-install"]) : DONE;
  const byHand = input.acts.filter(({ act }) => !done.has(act));
  // a field that waits for an image runs no sooner for a reboot without it
  const unmade = input.acts.filter(
    ({ act }) => (act === "update-grub" || act === "hypervisor-install") && !input.allow.includes(act),
  );
  const waiting = new Set(
    [...byHand.filter(({ act }) => act === "hypervisor-install"), ...unmade].flatMap(({ fields }) => fields),
  );
  const possible = input.acts
    .filter(({ act }) => done.has(act))
    .map((act) =>
      act.act === "update-grub" || act.act === "hypervisor-install"
        ? act
        : { ...act, fields: act.fields.filter((field) => !waiting.has(field)) },
    )
    .filter(({ fields }) => fields.length > 0);
  const allowed = possible.filter(({ act }) => input.allow.includes(act));
  const reboot = allowed.some(({ act }) => act === "host-reboot");
  const grub: Step[] = allowed.some(({ act }) => act === "update-grub") ? [{ act: "update-grub" }] : [];
  const image = imageOf(input, allowed, reboot);
  const cycles = reboot
    ? [{ act: "host-reboot" as const, vms: input.vms, ...(image?.boots ? { image } : {}) }]
    : allowed.flatMap(({ target }) => {
        const vm = input.vms.find(({ name }) => name === target);
        return vm ? [{ act: "rtvm-power-cycle" as const, vm }] : [];
      });
  const install: Step[] = image ? [{ act: "hypervisor-install", image }] : [];
  // one that runs already is confirmed last of all, when what was to run on it runs
  const steps: Step[] = image?.boots ? [...grub, ...install, ...cycles] : [...grub, ...cycles, ...install];
  return {
    steps,
    lines: steps.map(lineOf),
    obstacles: [...steps.flatMap((step) => obstaclesOf(step, input)), ...unconfirmed(input, steps)],
    forbidden: missing(input, possible).filter(
      ({ act }) => !input.allow.includes(act) && !(reboot && act === "rtvm-power-cycle"),
    ),
    byHand,
  };
}

/** An image is installed and booted in one run, so both are asked for at once: one after the other, neither would do anything. */
function missing({ acts, image }: PowerInput, possible: readonly Act[]): readonly Act[] {
  if (!image?.boots) return possible;
  const together = acts.filter(({ act }) => act === "hypervisor-install" || act === "host-reboot");
  return [...together, ...possible.filter((act) => !together.some((each) => each.act === act.act))];
}

/** Nothing is installed that nobody would boot and confirm: an entry that waits in GRUB's menu is one that somebody picks by mistake. */
function imageOf({ image }: PowerInput, allowed: readonly Act[], reboot: boolean): PowerImage | undefined {
  if (!image || !allowed.some(({ act }) => act === "hypervisor-install")) return undefined;
  // without being told once more GRUB would boot the one before
  if (reboot) return { ...image, boots: true };
  return image.boots ? undefined : image;
}

function lineOf(step: Step): string {
  if (step.act === "update-grub")
    return "update-grub: GRUB's menu is made anew; interrupts nothing until the host reboots";
  if (step.act === "hypervisor-install") return installLine(step.image);
  if (step.act === "rtvm-power-cycle")
    return `rtvm-power-cycle of ${step.vm.name}: ${cycle(step.vm)}; interrupts this VM alone`;
  const live = step.vms.filter(({ liveness }) => liveness.state !== "off");
  const off =
    live.length === 0 ? "no real-time VM runs" : live.map((vm) => `${vm.name} off first (${offProof(vm)})`).join(", ");
  return `host-reboot: ${off}; then the machine, confirmed by its boot id; interrupts the Service VM and every other VM`;
}

function installLine({ id, boots }: PowerImage): string {
  if (!boots) return `hypervisor-install of ${id}: it runs; it becomes the default; interrupts nothing`;
  return `hypervisor-install of ${id}: beside what runs, tried once by the reboot, the default when it has come back; interrupts nothing until then. A hypervisor that hangs is only caught by a hardware watchdog, or by hand: the next reset boots the old one`;
}

function cycle(vm: PowerVm): string {
  const launcher = vm.launcherNow ?? vm.launcher;
  if (vm.liveness.state === "off") return `it is off (${vm.liveness.why}), so only started by ${launcher}`;
  return `powered off inside (${offProof(vm)}), then started by ${launcher ?? "nobody"}`;
}

/** Which proof there will be that it is off. */
function offProof({ liveness, shutdown }: PowerVm): string {
  if (liveness.state === "off") return liveness.why;
  const how = shutdown ?? "nobody said how";
  if (liveness.state === "running")
    return `${how}; proof: acrn-dm ${liveness.pid} ends by itself after the guest agreed`;
  return `${how}; no proof: ${liveness.why}`;
}

function obstaclesOf(step: Step, { preLaunchedRealtime }: PowerInput): string[] {
  if (step.act === "update-grub" || step.act === "hypervisor-install") return [];
  if (step.act === "host-reboot") {
    const pre = preLaunchedRealtime
      ? [
          `${preLaunchedRealtime} is a pre-launched real-time VM: the Service VM cannot reset the machine while it lives. Power the machine off and on by hand.`,
        ]
      : [];
    return [...pre, ...step.vms.flatMap((vm) => [...(vm.autostart ? [] : lost(vm)), ...unproved(vm, true)])];
  }
  const start = step.vm.launcher ? [] : [nobodyStarts(step.vm)];
  return [...start, ...unproved(step.vm, false)];
}

/** An image that is on trial: what would undo it by the way, and what speaks against it. */
function unconfirmed({ image, vms }: PowerInput, steps: readonly Step[]): string[] {
  if (!image || image.boots) return [];
  const tried = steps.some((step) => step.act === "hypervisor-install");
  if (steps.some((step) => step.act === "host-reboot") && !tried)
    return [
      `image ${image.id} runs and is not confirmed: a reboot now boots the one before. Allow hypervisor-install too, or take the image back first.`,
    ];
  const started = steps.flatMap((step) => (step.act === "rtvm-power-cycle" ? [step.vm.name] : []));
  const off = tried ? vms.filter((vm) => vm.comesBack && !started.includes(vm.name)) : [];
  return off.map(
    ({ name }) =>
      `${name} was to run again on image ${image.id} and does not: the image is not confirmed before it does. Allow rtvm-power-cycle too.`,
  );
}

/** It runs, and nobody would start it again. */
function lost(vm: PowerVm): string[] {
  return vm.liveness.state === "running" && vm.launcher === undefined ? [nobodyStarts(vm)] : [];
}

const nobodyStarts = ({ name }: PowerVm): string =>
  `no launch script of ${name} is known: it could be powered off and not started again. Declare an RtVm for it.`;

/** @param proof whether the act needs one: a launch of an orphan is refused by ACRN, a reboot with a live RTVM takes the machine off the net */
function unproved({ name, liveness, shutdown }: PowerVm, proof: boolean): string[] {
  if (liveness.state === "off") return [];
  if (shutdown === undefined)
    return [
      `nobody said how ${name} is shut down: \`guests: { ${name}: { ssh: ... } }\` (also \`lifeMngr: true\` or \`command: "..."\`).`,
    ];
  if (liveness.state === "unknown" && proof)
    return [
      `whether ${name} runs cannot be told (${liveness.why}): a reboot with a live real-time VM takes the machine off the net for good. Look at it on the spot.`,
    ];
  return [];
}
