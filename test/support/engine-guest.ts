import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { diffTrees, snapshotTree, type Tree } from "../../examples/lab/tree";
import type { EngineLab } from "./engine-lab";

/** What a boot and GRUB's own record change, whoever tunes the machine. */
const OF_THE_BOOT = /^(?:proc|sys|run|dev)(?:\/|$)|^boot\/grub\/grubenv:/;

/** The file tree of a system that boots in the lab, as somebody who stands before it sees it. */
export class GuestTree {
  private constructor(readonly dir: string) {}

  /** Inside a VM of a host. */
  static inside(engine: EngineLab, host: string, vm: string): GuestTree {
    const found = engine.lab.host(host).guests.find((guest) => guest.vm === vm);
    if (!found) throw new Error(`the lab host ${host} has no guest ${vm}`);
    return new GuestTree(found.front.dir);
  }

  /** A machine of its own. */
  static of(engine: EngineLab, name: string): GuestTree {
    return new GuestTree(engine.lab.host(name).dir);
  }

  /** The kernel line that runs. */
  get line(): string {
    return this.read("proc/cmdline").trim();
  }

  read(file: string): string {
    return readFileSync(join(this.dir, file), "utf8");
  }

  /** Somebody changes a file by hand. */
  edit(file: string, from: string | RegExp, to: string): void {
    const text = this.read(file);
    const edited = text.replace(from, to);
    if (edited === text) throw new Error(`${from} is not in ${file}`);
    writeFileSync(join(this.dir, file), edited);
  }

  tree(): Tree {
    return snapshotTree(this.dir);
  }

  /** What was written since; times and inodes count. */
  written(before: Tree): string[] {
    return diffTrees(before, this.tree(), { times: true });
  }

  /** What is not as it was, but for what boots change. */
  left(before: Tree): string[] {
    return diffTrees(before, this.tree(), { times: false }).filter((line) => !OF_THE_BOOT.test(line));
  }
}
