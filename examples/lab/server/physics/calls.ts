import { rmSync } from "node:fs";
import { join } from "node:path";
import { acrnctl } from "./acrnctl";
import type { Call } from "./desk";
import { GRUB_ACTS } from "./grub/commands";
import { sysctl } from "./guest/sysctl/command";
import { guest } from "./guest-power";
import type { MachineParts } from "./parts";
import { systemctl } from "./systemctl";
import { parseSystemdRun } from "./systemd-run-args";

/** What each stub command does to the machine. */
export function answer(call: Call, machine: MachineParts): void {
  const act = ACTS[call.command];
  const broken = machine.spec.broken?.[call.command];
  if (broken !== undefined) {
    call.err(broken);
    call.exit(1);
  } else if (act) act(call, machine);
  else call.exit(127);
}

type Act = (call: Call, machine: MachineParts) => void;

/** systemctl(1) and systemd-run(1) where PID 1 is something else. */
const NO_SYSTEMD = "System has not been booted with systemd as init system (PID 1). Can't operate.";

const withSystemd =
  (act: Act): Act =>
  (call, machine) => {
    if (machine.spec.init === "systemd") return act(call, machine);
    call.err(NO_SYSTEMD);
    call.exit(1);
  };

const asRoot =
  (act: Act): Act =>
  (call, machine) => {
    if (call.root) return act(call, machine);
    call.err(`${call.command}: must be superuser`);
    call.exit(1);
  };

const power =
  (how: "reboot" | "powerOff"): Act =>
  (call, machine) => {
    const left = call.left();
    call.exit(0);
    void machine[how](left);
  };

const ACTS: Readonly<Record<string, Act>> = {
  "acrn-dm": (call, { table, translator }) =>
    table.launch(call, call.args.map(plain(translator.original.bind(translator)))),
  "acrn-dm-signal": (call, { table, image }) => table.signalled(call.pid, image.supervisor),
  translate,
  acrnctl: (call, machine) => acrnctl(call, acrnManager(machine)),
  reboot: asRoot(power("reboot")),
  poweroff: asRoot(power("powerOff")),
  halt: asRoot(power("powerOff")),
  shutdown: asRoot((call, machine) => power(restarts(call.args) ? "reboot" : "powerOff")(call, machine)),
  ...GRUB_ACTS,
  sysctl: (call, { spec }) => sysctl(call, spec.dir),
  systemctl: withSystemd((call, machine) => {
    const { units, acrnd } = machine;
    const own = { active: () => acrnd.active(), start: () => acrnd.start(true), stop: () => acrnd.stop() };
    const service = Object.defineProperty(own as typeof own & { enabled: boolean }, "enabled", {
      get: () => acrnd.enabled,
      set: (to: boolean) => (acrnd.enabled = to),
    });
    const [reboot, powerOff] = [() => void machine.reboot(call.left()), () => void machine.powerOff(call.left())];
    void systemctl(call, { units, acrnd: service, reboot, powerOff });
  }),
  "systemd-run": withSystemd(
    asRoot((call, { units }) => {
      const request = parseSystemdRun(call.args, call.cwd, `run-${call.pid}.service`);
      if (!("refusal" in request)) return units.run(request, call);
      call.err(request.refusal);
      call.exit(1);
    }),
  ),
  "unit-ended": (call, { units }) => units.returned(call.args[0] ?? "", Number(call.args[1]), call),
  guest,
};

/** acrn-dm's words hold paths at their start or behind a comma: `3,virtio-blk,/home/acrn/rt.img`. */
const plain = (original: (word: string) => string) => (word: string) => word.split(",").map(original).join(",");

const restarts = (args: readonly string[]): boolean => args.some((word) => /^(-\w*r\w*|--reboot)$/.test(word));

function translate(call: Call, { translator }: MachineParts): void {
  try {
    call.go(translator.copy(call.args[0] ?? ""));
  } catch (error) {
    call.err((error as Error).message);
    call.exit(126);
  }
}

function acrnManager(machine: MachineParts) {
  const { acrnd } = machine;
  const { dir } = machine.spec;
  const forget = (vm: string): void => {
    machine.log(`del ${vm}`);
    for (const end of ["sh", "args"]) rmSync(join(dir, `usr/share/acrn/conf/add/${vm}.${end}`), { force: true });
  };
  return { dir, forget, start: acrnd.launch.bind(acrnd), stop: acrnd.stopVm.bind(acrnd) };
}
