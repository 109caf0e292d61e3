import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { kernelIn } from "./kernel";
import type { Choice, Loading } from "./types";

/** Where distributions keep it. */
export const EXTLINUX = ["/boot/extlinux/extlinux.conf", "/extlinux/extlinux.conf", "/boot/syslinux/syslinux.cfg"];

interface Label {
  name: string;
  title?: string;
  kernel?: string;
  append: string;
  initrd?: string;
}

/** SYSLINUX: ONTIMEOUT where nobody is there to press a key, else DEFAULT, else the first label; keywords in any case [SYSLINUX wiki, "Config"]. */
export function byExtlinux(dir: string, _loading: Loading): Choice {
  const file = EXTLINUX.find((path) => existsSync(join(dir, path)));
  if (!file) return { nothing: "extlinux has no configuration" };
  const { labels, settings } = read(readFileSync(join(dir, file), "utf8"));
  const wanted = settings.get("ontimeout") ?? settings.get("default");
  const label = labels.find(({ name }) => name === wanted) ?? (wanted === undefined ? labels[0] : undefined);
  if (!label) return { nothing: `extlinux has no label ${wanted ?? ""}` };
  const folder = file.replace(/\/[^/]+$/, "");
  const path = label.kernel?.startsWith("/") ? label.kernel : `${folder}/${label.kernel}`;
  if (label.kernel === undefined || !existsSync(join(dir, path)))
    return { nothing: `extlinux cannot read ${label.kernel}` };
  const initrd = label.initrd ?? /(?:^| )initrd=(\S+)/.exec(label.append)?.[1];
  const cmdline = [`BOOT_IMAGE=${label.kernel}`, label.append].filter(Boolean).join(" ");
  return {
    title: label.title ?? label.name,
    id: label.name,
    ...kernelIn(dir, path),
    cmdline,
    initrd: initrd !== undefined,
  };
}

function read(text: string): { labels: Label[]; settings: Map<string, string> } {
  const labels: Label[] = [];
  const settings = new Map<string, string>();
  let shared = "";
  for (const line of text.split("\n")) {
    const [, word = "", value = ""] = /^\s*([^\s#]\S*)\s*(.*?)\s*$/.exec(line) ?? [];
    const key = word.toLowerCase();
    const label = labels.at(-1);
    if (key === "label") labels.push({ name: value, append: shared });
    else if (!label && key === "append")
      shared = value; // of every label that has none of its own
    else if (!label || /^(default|ontimeout|timeout|prompt)$/.test(key)) settings.set(key, value);
    else if (/^(kernel|linux)$/.test(key)) label.kernel = value;
    else if (/^(append|initrd)$/.test(key)) label[key as "append" | "initrd"] = value === "-" ? "" : value;
    else if (key === "menu" && /^label /i.test(value)) label.title = value.slice(6);
  }
  return { labels, settings };
}
