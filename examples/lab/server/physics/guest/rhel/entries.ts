import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SNIPPETS, type Snippet, snippets } from "../../grub/bls";
import { changeEnvironment, readEnvironment } from "../../grub/environment";
import { environmentFile } from "../../grub/spec";
import type { GuestParts } from "../parts";

/** The snippets and the variables of a guest of Red Hat's, as grubby and 10_linux see them. */
export class Entries {
  constructor(private readonly os: GuestParts) {}

  all(): Snippet[] {
    return snippets(this.os.spec.dir);
  }

  /** Those that a parameter of grubby means: ALL, DEFAULT, a kernel's path with or without /boot, TITLE=..., an index; none: it is incorrect. */
  meant(word: string): Snippet[] {
    const all = this.all();
    if (word === "ALL") return all;
    if (word === "DEFAULT") return this.default() ?? [];
    const name = `/${word.slice(word.lastIndexOf("/") + 1)}`;
    return all.filter(
      (entry, at) =>
        [word, name].includes(first(entry, "linux")) || word === `TITLE=${first(entry, "title")}` || word === `${at}`,
    );
  }

  default(): [Snippet] | undefined {
    const saved = this.variable("saved_entry") ?? "";
    const all = this.all();
    const found = /^\d*$/.test(saved)
      ? all[Number(saved)]
      : all.find((entry) => entry.id === saved || first(entry, "title") === saved);
    return found && [found];
  }

  variable(name: string): string | undefined {
    try {
      return readEnvironment(this.environment).get(name);
    } catch {
      return undefined;
    }
  }

  setVariable(name: string, value: string | undefined): void {
    changeEnvironment(this.environment, (all) => (value === undefined ? all.delete(name) : all.set(name, value)));
  }

  /** The options with what variables say in their place; one that is not there stays as it is written. */
  args(entry: Snippet): string {
    return first(entry, "options").replace(/\$(\w+)/g, (word, name: string) => this.variable(name) || word);
  }

  /** Every line of the key. */
  set({ id }: Snippet, key: string, value: string): void {
    const path = this.path(id);
    writeFileSync(
      path,
      readFileSync(path, "utf8").replace(new RegExp(`^${key}.*$`, "gm"), () => `${key} ${value}`),
    );
  }

  path(id: string): string {
    return join(this.os.spec.dir, SNIPPETS, `${id}.conf`);
  }

  private get environment(): string {
    return join(this.os.spec.dir, environmentFile(this.os.grub));
  }
}

export const first = (entry: Snippet, key: string): string => entry.values(key)[0] ?? "";
