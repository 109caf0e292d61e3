import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Call } from "./desk";

/** What acrnctl asks its machine for. */
export interface Manager {
  dir: string;
  /** Launches as acrnd does: `bash conf/add/<vm>.sh $(cat conf/add/<vm>.args)`. */
  start(vm: string, ended: (status: number) => void): void;
  /** Asks acrn-dm to end the VM; whether it could. */
  stop(vm: string): boolean;
  /** Deletes what acrnd knows of it. */
  forget(vm: string): void;
}

/** Names as acrnd lists them: `<vm>.sh` of conf/add, each new one before the others [acrn_vm_ops.c, _scan_added_vm]. */
export function addedVms(dir: string): string[] {
  return entries(join(dir, "usr/share/acrn/conf/add"))
    .flatMap((name) => /^([^.]+)\.sh$/.exec(name)?.[1] ?? [])
    .reverse();
}

/** A socket is all that counts, whoever made it [_scan_alive_vm]. */
function aliveVms(dir: string): string[] {
  return entries(join(dir, "run/acrn/mngr")).flatMap((name) => /^([^.]+)\.monitor\.\d+\.socket$/.exec(name)?.[1] ?? []);
}

/** acrnctl, but for `add` (which runs the script) and `blkrescan`. */
export function acrnctl(call: Call, manager: Manager): void {
  if (!call.root) {
    call.out("Please run acrnctl with root privileges. Exiting.");
    return void call.exit(255);
  }
  const [verb = "", ...rest] = call.args;
  const vm = rest.find((word) => !word.startsWith("-")) ?? "";
  const alive = aliveVms(manager.dir);
  const added = addedVms(manager.dir);
  const stateOf = (name: string) => (alive.includes(name) ? "started" : added.includes(name) ? "stopped" : undefined);
  const state = stateOf(vm);
  if (verb === "list") {
    const names = [...new Set([...added, ...alive])];
    for (const name of names) call.out(`${name}\t\t${stateOf(name)}`);
    if (names.length === 0) call.out("There are no VMs");
    return void call.exit(0);
  }
  if (!["start", "stop", "del"].includes(verb)) {
    call.out(`the lab's acrnctl does not know ${verb}`);
    return void call.exit(255);
  }
  if (state === undefined) {
    call.out(`can't find ${vm}`);
    return void call.exit(255);
  }
  if (state !== (verb === "stop" ? "started" : "stopped")) {
    call.out(`can't ${verb === "del" ? "delete" : verb} ${vm}(${state})`);
    return void call.exit(255);
  }
  if (verb === "start") return void manager.start(vm, (status) => call.exit(status));
  if (verb === "del") manager.forget(vm);
  else if (!manager.stop(vm)) call.out("Error happens when try to stop vm. errno(-1)");
  call.exit(0);
}

function entries(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
