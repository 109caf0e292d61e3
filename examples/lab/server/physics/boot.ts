import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Start } from "./booting";

/** What a new boot changes about the files of a machine: /run is empty, processes are gone, boot id and boot time are others. */
export function bootTree(dir: string, systemd: boolean): void {
  for (const name of entries(join(dir, "run"))) rmSync(join(dir, "run", name), { recursive: true, force: true });
  for (const name of entries(join(dir, "proc")))
    if (/^\d+$/.test(name)) rmSync(join(dir, "proc", name), { recursive: true, force: true });
  put(dir, "proc/sys/kernel/random/boot_id", `${randomUUID()}\n`);
  // in whole seconds, and not before what was written to start it
  const btime = Math.ceil(Date.now() / 1000);
  put(dir, "proc/stat", `cpu  0 0 0 0 0 0 0 0 0 0\nbtime ${btime}\nprocesses 1000\n`);
  if (systemd) putSystemd(dir);
}

/** What the kernel that GRUB started says of itself; the device of the hypervisor is there only if one runs. */
export function putKernel(dir: string, { kernel, cmdline, hypervisor }: NonNullable<Start["from"]>): void {
  put(dir, "proc/cmdline", `${cmdline.trim()}\n`);
  put(dir, "proc/version", `Linux version ${kernel} (lab@lab) #1 SMP PREEMPT_RT\n`);
  put(dir, "proc/sys/kernel/osrelease", `${kernel}\n`);
  const device = join(dir, "dev/acrn_hsm");
  if (!hypervisor) rmSync(device, { force: true });
  else if (!existsSync(device)) put(dir, "dev/acrn_hsm", "");
}

/** What sd_booted(3) looks at, and the programs. */
export function putSystemd(dir: string): void {
  mkdirSync(join(dir, "run/systemd/system"), { recursive: true });
  put(dir, "proc/1/comm", "systemd\n");
  for (const name of ["systemctl", "systemd-run"])
    if (!existsSync(join(dir, "usr/bin", name))) put(dir, `usr/bin/${name}`, "the lab's stub leads PATH\n", 0o755);
}

function put(dir: string, path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text, { mode });
}

const entries = (path: string): string[] => (existsSync(path) ? readdirSync(path) : []);
