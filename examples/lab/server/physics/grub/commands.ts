import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Call } from "../desk";
import { changeEnvironment, readEnvironment, writeEnvironment } from "./environment";
import { mkconfig, updateGrub } from "./mkconfig";
import { environmentFile, type GrubSpec, menuFile, probed, relative } from "./spec";

/** What GRUB's commands act on. */
export interface GrubHost {
  spec: { dir: string };
  grub: GrubSpec;
  log(event: string): void;
}

type Act = (call: Call, host: GrubHost) => void;

export const GRUB_ACTS: Readonly<Record<string, Act>> = {
  "update-grub": asRoot((call, host) => make(call, host, menuFile(host.grub))),
  "grub-mkconfig": asRoot((call, host) => make(call, host, optionOf(call.args, "-o", "--output"))),
  "grub-reboot": asRoot((call, host) => remember(call, host, "next_entry")),
  "grub-set-default": asRoot((call, host) => remember(call, host, "saved_entry")),
  "grub-editenv": editEnvironment,
  "grub-probe": probe,
  "grub-mkrelpath": (call, { spec, grub }) => {
    call.out(relative(inTree(call.args[0] ?? "", call, spec.dir), grub));
    call.exit(0);
  },
};

function asRoot(act: Act): Act {
  return (call, host) => {
    if (call.root) return act(call, host);
    call.err(`${call.command}: You must run this as root`);
    call.exit(1);
  };
}

/** @param to where to; undefined: standard output */
function make(call: Call, host: GrubHost, to: string | undefined): void {
  const { spec, grub } = host;
  const target = to === undefined ? undefined : inTree(to, call, spec.dir);
  const { status, said, text } = target === undefined ? mkconfig(spec.dir, grub) : updateGrub(spec.dir, grub, target);
  for (const line of said) call.err(line);
  if (target === undefined) call.out(text.replace(/\n$/, ""));
  host.log(status === 0 ? "update-grub" : "update-grub failed");
  call.exit(status);
}

/** grub-reboot(8), grub-set-default(8): a variable of the environment block, whether the menu has such an entry or not. */
function remember(call: Call, host: GrubHost, variable: string): void {
  const words = call.args.filter(
    (word, at) => !word.startsWith("-") && !/^--(boot|root)-directory$/.test(call.args[at - 1] ?? ""),
  );
  const { spec, grub } = host;
  const [entry] = words;
  if (entry === undefined || words.length > 1) return void fail(call, "Menu entry not specified.");
  const stays = (grub.abstraction ?? []).find((name) => /^(diskfilter|lvm)$/.test(name));
  if (variable === "next_entry" && stays) {
    call.out(`\nWARNING: Detected GRUB environment block on ${stays} device`);
    call.out(`${entry} will remain the default boot entry until manually cleared with:`);
    call.out(`    grub-editenv ${environmentFile(grub)} unset next_entry\n`);
  }
  attempt(call, () => {
    changeEnvironment(join(spec.dir, environmentFile(grub)), (all) => all.set(variable, entry));
    host.log(`${call.command} ${entry}`);
  });
}

/** grub-editenv(1): `[FILE|-] create|list|set NAME=VALUE...|unset NAME...`. */
function editEnvironment(call: Call, { spec, grub }: GrubHost): void {
  const words = [...call.args];
  const verbs = ["create", "list", "set", "unset"];
  const file = verbs.includes(words[0] ?? "") ? "-" : (words.shift() ?? "-");
  const path = join(spec.dir, file === "-" ? environmentFile(grub) : inTree(file, call, spec.dir));
  const [verb = "", ...rest] = words;
  if (!call.root && verb !== "list") return void fail(call, `cannot open \`${file}': Permission denied.`);
  attempt(call, () => {
    if (verb === "create") writeEnvironment(path, new Map());
    else if (verb === "list") {
      if (!existsSync(path)) throw new Error(`cannot open \`${file}': No such file or directory.`);
      for (const [name, value] of readEnvironment(path)) call.out(`${name}=${value}`);
    } else if (verb === "set" || verb === "unset") changeEnvironment(path, (all) => change(all, verb, rest));
    else throw new Error(`Unknown command \`${verb}'.`);
  });
}

function change(all: Map<string, string>, verb: "set" | "unset", words: readonly string[]): void {
  for (const word of words) {
    const at = word.indexOf("=");
    if (verb === "unset") all.delete(word);
    else if (at < 1) throw new Error(`invalid parameter ${word}.`);
    else all.set(word.slice(0, at), word.slice(at + 1));
  }
}

/** grub-probe(8): one target, of a path or of a device. */
function probe(call: Call, { spec, grub }: GrubHost): void {
  const target = optionOf(call.args, "-t", "--target") ?? "fs";
  const device = call.args.some((word) => /^(-d|--device)/.test(word));
  const path = call.args
    .filter((word, at) => !word.startsWith("-") && !/^(-t|--target)$/.test(call.args[at - 1] ?? ""))
    .at(-1);
  if (!device && (path === undefined || !existsSync(join(spec.dir, inTree(path, call, spec.dir)))))
    return void fail(call, `error: failed to get canonical path of \`${path}'.`);
  const lines = probed(target, grub);
  if (!lines) return void fail(call, `error: unknown target ${target}.`);
  for (const line of lines) call.out(line);
  call.exit(0);
}

/** `--name=value`, `--name value` or `-n value`. */
function optionOf(words: readonly string[], short: string, long: string): string | undefined {
  const inline = words.find((word) => word.startsWith(`${long}=`));
  if (inline !== undefined) return inline.slice(long.length + 1);
  const at = words.findIndex((word) => word === short || word === long);
  return at < 0 ? undefined : words[at + 1];
}

/** A path as on the machine: callers may have it so, below the tree, or from where they stand. */
function inTree(path: string, call: Call, dir: string): string {
  const full = path.startsWith("/") ? path : join(call.cwd, path);
  return full === dir || full.startsWith(`${dir}/`) ? full.slice(dir.length) || "/" : full;
}

function attempt(call: Call, work: () => void): void {
  try {
    work();
    call.exit(0);
  } catch (error) {
    fail(call, `error: ${(error as Error).message}`);
  }
}

function fail(call: Call, text: string): void {
  call.err(`${call.command}: ${text}`);
  call.exit(1);
}
