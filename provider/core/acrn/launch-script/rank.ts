import type { Dialect } from "../types";

/** The order of ACRN's generators: launch_cfg_gen.py (3.x), launch_config/com.py (2.x); `*` stands for options that they never write. */
const ORDER: Readonly<Record<Dialect, readonly string[]>> = {
  "3.x": [
    "--windows",
    "--cpu_affinity",
    "-m",
    "--ssram",
    "--ovmf",
    "-k",
    "-r",
    "-B",
    "lpc",
    "-l",
    "hostbridge",
    "--virtio_poll",
    "device",
    "passthru",
    "--intr_monitor",
    "--rtvm",
    "--lapic_pt",
    "--logger_setting",
    "*",
  ],
  "2.x": [
    "-A",
    "-m",
    "hostbridge",
    "-U",
    "--mac_seed",
    "-k",
    "-r",
    "--virtio_poll",
    "--rtvm",
    "--lapic_pt",
    "--windows",
    "--pm_notify_channel",
    "--logger_setting",
    "device",
    "--ovmf",
    "--cpu_affinity",
    "--ssram",
    "--intr_monitor",
    "lpc",
    "-l",
    "passthru",
    "-B",
    "*",
  ],
};

/** Where an argument stands among others; equal ones follow each other. */
export function rankOf(name: string, value: string | true | undefined, dialect: Dialect): number {
  const order = ORDER[dialect];
  const at = order.indexOf(name.startsWith("-s ") ? kindOf(value) : name);
  return at < 0 ? order.indexOf("*") : at;
}

function kindOf(value: string | true | undefined): string {
  const driver = typeof value === "string" ? (value.split(",")[0] as string) : "device";
  return driver === "lpc" || driver === "hostbridge" || driver === "passthru" ? driver : "device";
}
