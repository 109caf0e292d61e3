import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Call } from "../../desk";
import { absolute, relative } from "../../grub/spec";
import type { GuestParts } from "../parts";
import { updateArgs } from "./args";
import { Entries, first } from "./entries";

const VALUES = [
  "add-kernel",
  "args",
  "info",
  "initrd",
  "remove-args",
  "remove-kernel",
  "set-default",
  "set-default-index",
  "title",
  "update-kernel",
];
const FLAGS = [
  "copy-default",
  "default-kernel",
  "default-index",
  "default-title",
  "make-default",
  "grub2",
  "no-etc-grub-update",
];

/** What grubby was asked for: options with their values, "" for flags. */
type Asked = ReadonlyMap<string, string>;

/** grubby(8), for x86 with snippets: what reads, changes arguments, makes and removes entries, and chooses the default [grubby-bls]. */
export function grubby(call: Call, os: GuestParts): void {
  const asked = optionsOf(call.args);
  if (typeof asked === "string") return void fail(call, asked);
  if (asked.size === 0) return void fail(call, "no action specified");
  const work = new Grubby(call, os, asked);
  try {
    work.all();
    call.exit(0);
  } catch (error) {
    fail(call, (error as Error).message);
  }
}

function optionsOf(args: readonly string[]): Asked | string {
  const found = new Map<string, string>();
  const left = [...args];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    const [, name = "", inline] = /^--([\w-]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (VALUES.includes(name)) found.set(name, inline ?? left.shift() ?? "");
    else if (FLAGS.includes(name)) found.set(name, "");
    else return `grubby: invalid option "${word}"`;
  }
  return found;
}

function fail(call: Call, text: string): void {
  call.err(text);
  call.exit(1);
}

class Grubby {
  private readonly entries: Entries;

  constructor(
    private readonly call: Call,
    private readonly os: GuestParts,
    private readonly asked: Asked,
  ) {
    this.entries = new Entries(os);
  }

  /** In the order of the script: what is shown ends it. */
  all(): void {
    const { asked } = this;
    const info = asked.get("info");
    if (this.shown()) return;
    if (info !== undefined) return void this.info(info);
    if (asked.has("add-kernel")) return void this.add(asked.get("add-kernel") as string);
    const gone = asked.get("remove-kernel");
    if (gone !== undefined) for (const entry of this.meant(gone)) rmSync(this.entries.path(entry.id));
    const changed = asked.get("update-kernel");
    if (changed !== undefined) this.update(changed);
    const byDefault = asked.get("set-default") ?? asked.get("set-default-index");
    if (byDefault !== undefined) this.choose(byDefault);
  }

  private meant(word: string) {
    const found = this.entries.meant(word);
    if (found.length === 0) throw new Error(`The param ${word} is incorrect`);
    return found;
  }

  private shown(): boolean {
    const { asked, entries, call } = this;
    const [entry] = entries.default() ?? [];
    const index = entries.all().findIndex(({ id }) => id === entry?.id);
    if (asked.has("default-kernel")) call.out(entry ? absolute(first(entry, "linux"), this.os.grub) : "");
    else if (asked.has("default-index")) call.out(index < 0 ? "" : `${index}`);
    else if (asked.has("default-title")) call.out(entry ? first(entry, "title") : "");
    else return false;
    return true;
  }

  private info(word: string): void {
    const all = this.entries.all();
    for (const entry of this.meant(word)) {
      const words = this.entries.args(entry).split(/\s+/);
      const root = words.find((one) => one.startsWith("root="));
      this.call.out(`index=${all.findIndex(({ id }) => id === entry.id)}`);
      this.call.out(`kernel="${absolute(first(entry, "linux"), this.os.grub)}"`);
      this.call.out(`args="${words.filter((one) => one !== root).join(" ")}"`);
      if (root !== undefined) this.call.out(`root="${root.slice(5)}"`);
      this.call.out(`initrd="${absolute(first(entry, "initrd"), this.os.grub)}"`);
      this.call.out(`title="${first(entry, "title")}"\nid="${entry.id}"`);
    }
  }

  /** ALL changes the shared line too, and entries that have it stay; a single one gets a line of its own. */
  private update(word: string): void {
    const { asked, entries } = this;
    const list = (name: string): string[] => (asked.get(name) ?? "").split(/\s+/).filter(Boolean);
    const [remove, add] = [list("remove-args"), list("args")];
    const found = this.meant(word).map((entry) => ({ entry, old: entries.args(entry) }));
    const shared = entries.variable("kernelopts");
    if (word === "ALL" && shared !== undefined) entries.setVariable("kernelopts", updateArgs(shared, remove, add));
    for (const { entry, old } of found) {
      const follows = first(entry, "options").split(/\s+/).includes("$kernelopts");
      if (word !== "ALL" || !follows) entries.set(entry, "options", updateArgs(old, remove, add));
    }
  }

  private add(path: string): void {
    const { asked, entries, os } = this;
    const [kernel, title] = [relative(path, os.grub), asked.get("title")];
    if (!existsSync(join(os.spec.dir, path))) throw new Error(`The ${path} kernel isn't installed in the machine`);
    if (!title) throw new Error("The kernel title must be specified");
    const [copied] = asked.has("copy-default") ? (entries.default() ?? []) : [];
    const options = [copied ? first(copied, "options") : "", asked.get("args") ?? ""].filter(Boolean).join(" ");
    const version = kernel.replace(/^.*\/(vmlinuz-)?/, "");
    const machine = "0123456789abcdef0123456789abcdef";
    const taken = existsSync(entries.path(`${machine}-${version}`));
    const id = taken
      ? `${machine}-${version.replace(/\.[^.]*$/, "")}.0~custom${/\.[^.]*$/.exec(version)?.[0] ?? ""}`
      : `${machine}-${version}`;
    const initrd = relative(asked.get("initrd") ?? `/boot/initramfs-${version}.img`, os.grub);
    writeFileSync(
      entries.path(id),
      `title ${title}\nversion ${version}\nlinux ${kernel}\ninitrd ${initrd}\noptions ${options}\ngrub_class kernel\n`,
    );
    if (taken) this.call.err(`An entry for kernel ${version} already exists, adding /boot/loader/entries/${id}.conf`);
    if (asked.has("make-default")) entries.setVariable("saved_entry", id);
  }

  private choose(word: string): void {
    const [entry] = this.meant(word);
    if (!entry) return;
    this.entries.setVariable("saved_entry", entry.id);
    this.call.err(`The default is /boot/loader/entries/${entry.id}.conf with kernel ${first(entry, "linux")}`);
  }
}
