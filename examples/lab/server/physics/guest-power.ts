import type { Call } from "./desk";
import type { Carrier } from "./guest/carrier";
import type { MachineParts } from "./parts";
import type { Vm } from "./vms";

const restarts = (args: readonly string[]): boolean => args.some((word) => /^(-\w*r\w*|--reboot)$/.test(word));

/** A command inside a guest: the name of its VM, the command, its arguments. A guest with a system of its own answers by itself. */
export function guest(call: Call, machine: MachineParts): void {
  const [name = "", command = "", ...args] = call.args;
  const os = machine.guests.osOf(name);
  if (os) return void os.answer({ ...call, command, args });
  const verb = command === "systemctl" ? args.find((word) => !word.startsWith("-")) : command;
  const resets = verb === "reboot" || (verb === "shutdown" && restarts(args));
  const ends = resets || ["poweroff", "halt", "shutdown"].includes(verb ?? "");
  if (ends && !call.root) {
    call.err(`${command}: must be superuser`);
    return void call.exit(1);
  }
  const left = call.left();
  call.exit(0);
  const vm = machine.table.find(name);
  if (ends && vm) void left.then(() => goDown(machine, name, vm, resets));
}

/** What the system inside a VM runs on. */
export function vmCarrier(machine: MachineParts, name: string): Carrier {
  const log = (event: string): void => machine.log(event);
  return {
    log,
    goDown: (how, asked = Promise.resolve()) => {
      const vm = machine.table.find(name);
      if (!vm) return;
      // a triple fault ends as a power-off (acrn-reference.md 7b)
      const really = machine.guests.osOf(name)?.leaves(how) ?? how;
      if (really !== how) log(`triple fault in ${name}`);
      void asked.then(() => goDown(machine, name, vm, really === "reset"));
    },
  };
}

function goDown(machine: MachineParts, name: string, vm: Vm, resets: boolean): void {
  const { guests, table, image, spec } = machine;
  machine.later(spec.shutdownMs ?? 30, vm, () => {
    if (resets && vm.realtime && !image.supervisor) return void machine.coldReset(name);
    void guests.stop(name, !resets);
    if (resets) return vm.state === "running" ? restart(machine, name, vm.bootArgs) : undefined;
    // without acrn-dm nobody hears it
    if (vm.state === "orphan") return void machine.log(`power-off ${name} unheard`);
    const how = guests.specs[name]?.powerOff ?? "at-once";
    if (how === "never") machine.log(`hangs ${name}`);
    else machine.later(how === "at-once" ? 0 : how.afterMs, vm, () => table.end(vm, `power-off ${name}`));
  });
}

/** acrn-dm makes the VM anew and stays the same process (VM_SUSPEND_FULL_RESET in main.c). */
async function restart(machine: MachineParts, name: string, bootArgs: string | undefined): Promise<void> {
  machine.log(`restart ${name}`);
  await machine.guests.stop(name, false);
  await machine.guests.start(name, bootArgs);
}
