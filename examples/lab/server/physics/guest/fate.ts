import { existsSync } from "node:fs";
import { join } from "node:path";
import { lastOf, words } from "./line";
import type { Chosen } from "./loaders/types";
import type { GuestOsSpec } from "./spec";

/** What comes of a boot. `hang`: it stays where it is, and nobody answers. */
export type Fate =
  | { kind: "up"; reachable: boolean }
  | { kind: "hang"; why: string }
  | { kind: "reset" | "off"; why: string; afterMs: number };

/** How a chosen kernel fares with its line on this tree. */
export function fateOf({ cmdline, initrd, behaves }: Chosen, dir: string, spec: GuestOsSpec): Fate {
  const panics = (why: string): Fate => panicked(why, cmdline, spec);
  if (behaves === "hangs") return { kind: "hang", why: "the kernel hangs" };
  if (behaves === "panics") return panics("kernel panic");
  const root = lastOf(cmdline, "root") ?? "";
  if (!rootIsThere(root, dir)) {
    const why = `no root ${root || "given"}`;
    return initrd && spec.layout === "rhel" ? dracut(why, cmdline) : panics(why);
  }
  const init = lastOf(cmdline, "init");
  if (init !== undefined && !existsSync(join(dir, init))) return panics(`requested init ${init} failed`);
  const target = lastOf(cmdline, "systemd.unit") ?? "";
  const alone =
    /^(rescue|emergency)\.target$/.test(target) ||
    words(cmdline).some((word) => /^(single|s|1|emergency)$/i.test(word));
  if (alone) return { kind: "hang", why: "it waits at a console for somebody" };
  return { kind: "up", reachable: !without(cmdline, spec.networkModule ?? "virtio_net") };
}

/**
 * A panic of the kernel [kernel/panic.c], and initramfs-tools where it finds no root [scripts/functions: panic], take the same parameter: seconds
 * until a reset; negative: at once; 0 or none: for ever. For initramfs-tools only digits and -1 are a number, and none is a shell for somebody.
 */
function panicked(why: string, cmdline: string, { secondMs = 1000 }: GuestOsSpec): Fate {
  const seconds = Number.parseInt(lastOf(cmdline, "panic") ?? "0", 10) || 0;
  if (seconds === 0) return { kind: "hang", why };
  return { kind: "reset", why, afterMs: Math.max(0, seconds) * secondMs };
}

/** dracut asks no panic=: a shell unless rd.shell=0, then what rd.emergency says [dracut-lib.sh: emergency_shell; dracut.cmdline(7)]. */
function dracut(why: string, cmdline: string): Fate {
  const action = lastOf(cmdline, "rd.emergency");
  if (!/^(0|no|off)$/.test(lastOf(cmdline, "rd.shell") ?? "")) return { kind: "hang", why };
  if (action === "reboot") return { kind: "reset", why, afterMs: 0 };
  return action === "poweroff" ? { kind: "off", why, afterMs: 0 } : { kind: "hang", why };
}

/** By the names that the tree's /dev has; without root= only an initrd could know it. */
function rootIsThere(root: string, dir: string): boolean {
  const [, kind, name] = /^(UUID|PARTUUID|LABEL|PARTLABEL)="?([^"]+)"?$/.exec(root) ?? [];
  const path = kind === undefined ? root : `/dev/disk/by-${kind.toLowerCase()}/${name}`;
  return path.startsWith("/dev/") && existsSync(join(dir, path));
}

function without(cmdline: string, module: string): boolean {
  const lists = ["modprobe.blacklist", "module_blacklist", "rd.driver.blacklist"];
  return lists.some((key) => (lastOf(cmdline, key) ?? "").split(",").includes(module));
}

/** Whether a reset of this kernel is a triple fault, which hypervisors take for a power-off [arch/x86/kernel/reboot.c: reboot_setup]. */
export function resetsByTripleFault(cmdline: string): boolean {
  return (lastOf(cmdline, "reboot") ?? "").split(",").some((mode) => mode.startsWith("t"));
}
