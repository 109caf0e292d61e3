import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

/**
 * Launch scripts name /sys, /proc, /run... of their machine. A translated copy of a script has these lead into the tree, and the programs that
 * the lab stands in for into its folder of stubs. Literal paths only: one that a script puts together of parts stays as it is.
 */
export class Translator {
  /** Copies, by the script that they are made of. */
  private readonly copies = new Map<string, string>();

  /** @param folder for the copies @param bin stubs */
  constructor(
    private readonly dir: string,
    private readonly folder: string,
    private readonly bin: string,
  ) {}

  /** @returns the copy to run in place of a script of the tree */
  copy(script: string): string {
    const text = readFileSync(script, "latin1");
    const hash = createHash("sha256").update(script).update(text).digest("hex").slice(0, 16);
    const path = join(this.folder, `${hash}-${basename(script)}`);
    this.copies.set(path, script);
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(path, this.text(text, script), { encoding: "latin1", mode: 0o755 });
    return path;
  }

  /** A word of a command line as it would be on the machine. */
  original(word: string): string {
    const path = this.copies.get(word) ?? word;
    return path === this.dir || path.startsWith(`${this.dir}/`) ? path.slice(this.dir.length) || "/" : path;
  }

  text(text: string, script: string): string {
    if (/[^\w./@%+,:-]/.test(this.dir)) throw new Error("the lab runs no scripts below a folder of such a name");
    const [first = "", ...rest] = text.split("\n");
    // bash(1), BASH_ARGV0: what $0 says; on the line of the interpreter, so that the numbers of lines stay
    const head = /^#!.*\bbash\b/.test(first) ? `BASH_ARGV0=${script}` : first;
    return [head, ...rest.map((line) => line.replace(PATH, (path) => this.path(path)))].join("\n");
  }

  private path(path: string): string {
    const stub = /^\/(?:usr\/)?(?:local\/)?s?bin\/([\w.-]+)$/.exec(path)?.[1];
    if (stub !== undefined) return existsSync(join(this.bin, stub)) ? join(this.bin, stub) : path;
    if (REAL.test(path) || !INSIDE.test(path)) return path;
    const inside = join(this.dir, path);
    // bash asks the stub by itself (BASH_ENV); sh has nothing like it
    return isShScript(inside) ? this.copy(inside) : inside;
  }
}

/** An absolute path, where one may begin in a shell script: not after a word, an expansion or another part of a path. */
const PATH = /(?<![\w./}$)*?\]~-])\/(?:[a-z][\w.+@:-]*)(?:\/[\w.+@%-]+)*\/?/g;

/** What is the same on every machine, and what the shell itself needs. */
const REAL = /^\/(dev\/(null|zero|full|u?random|tty|std(in|out|err)|fd|shm)|proc\/(self|thread-self))(\/|$)/;

const INSIDE = /^\/(sys|proc|run|dev|etc|var|home|root|boot|tmp|opt|mnt|srv|usr\/(share|lib|local\/share))(\/|$)/;

function isShScript(path: string): boolean {
  return existsSync(path) && statSync(path).isFile() && /^#! ?\/bin\/(sh|dash)\b/.test(readFileSync(path, "latin1"));
}
