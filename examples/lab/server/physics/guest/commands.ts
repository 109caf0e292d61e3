import type { Call } from "../desk";
import { GRUB_ACTS } from "../grub/commands";
import { parseSystemdRun } from "../systemd-run-args";
import { bootctl } from "./bootctl";
import type { GuestParts } from "./parts";
import { grubby } from "./rhel/grubby";
import { grub2Mkconfig } from "./rhel/mkconfig";
import { sysctl } from "./sysctl/command";
import { systemctl } from "./systemd/systemctl";

type Act = (call: Call, os: GuestParts) => void;

/** What each stub command does in a guest. */
export function answer(call: Call, os: GuestParts): void {
  const act = ACTS[call.command];
  if (act) act(call, os);
  else call.exit(127);
}

const asRoot =
  (act: Act): Act =>
  (call, os) => {
    if (call.root) return act(call, os);
    call.err(`${call.command}: must be superuser`);
    call.exit(1);
  };

const power =
  (how: "reset" | "off"): Act =>
  (call, { carrier }) => {
    const left = call.left();
    call.exit(0);
    carrier.goDown(how, left);
  };

/** GRUB's commands by Debian's names and by Red Hat's. */
const GRUB: Readonly<Record<string, Act>> = Object.fromEntries(
  Object.entries(GRUB_ACTS).flatMap(([name, act]) => {
    const own: Act = (call, { spec, grub, carrier }) =>
      act({ ...call, command: name }, { spec, grub, log: (event) => carrier.log(`${spec.name} ${event}`) });
    return [
      [name, own],
      [name.replace(/^grub-/, "grub2-"), own],
    ];
  }),
);

const restarts = (args: readonly string[]): boolean => args.some((word) => /^(-\w*r\w*|--reboot)$/.test(word));

const ACTS: Readonly<Record<string, Act>> = {
  ...GRUB,
  "grub2-mkconfig": asRoot(grub2Mkconfig),
  grubby: asRoot(grubby),
  bootctl,
  reboot: asRoot(power("reset")),
  poweroff: asRoot(power("off")),
  halt: asRoot(power("off")),
  shutdown: asRoot((call, os) => power(restarts(call.args) ? "reset" : "off")(call, os)),
  sysctl: (call, { spec }) => sysctl(call, spec.dir),
  systemctl: (call, { spec, manager, carrier }) => {
    const down = (how: "reset" | "off"): void => carrier.goDown(how, call.left());
    const recent = spec.layout === "yocto" || spec.layout === "script"; // Debian 12 and RHEL 9 have 252
    void systemctl(call, { dir: spec.dir, manager, recent, down });
  },
  "systemd-run": asRoot((call, { units }) => {
    const request = parseSystemdRun(call.args, call.cwd, `run-${call.pid}.service`);
    if (!("refusal" in request)) return units.run(request, call);
    call.err(request.refusal);
    call.exit(1);
  }),
  "unit-ended": (call, { units }) => units.returned(call.args[0] ?? "", Number(call.args[1]), call),
  translate: (call, { translator }) => {
    try {
      call.go(translator.copy(call.args[0] ?? ""));
    } catch (error) {
      call.err((error as Error).message);
      call.exit(126);
    }
  },
};
