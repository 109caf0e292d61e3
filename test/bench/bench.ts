import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { which } from "../../tools/paths";
import type { Line } from "./figures";
import type { Hosts } from "./hosts/hosts";
import { startLabHosts } from "./hosts/lab";
import { findSshd, startSshd } from "./hosts/sshd";

export interface Options {
  /** Small counts, and nothing that has to be installed. */
  quick: boolean;
  runs: number;
  sizes: readonly number[];
}

/** One run of the bench: how much of it, where its files are, and its hosts. */
export class Bench {
  readonly dir = realpathSync(mkdtempSync(join(tmpdir(), "pulumi-acrn-bench-")));
  readonly ssh = which("ssh");
  private readonly sshd = findSshd();
  private readonly started: Hosts[] = [];
  private lab: Promise<Hosts> | undefined;

  constructor(private readonly options: Options) {}

  get quick(): boolean {
    return this.options.quick;
  }

  /** How often a thing is run: often enough for a median. */
  get runs(): number {
    return this.options.runs;
  }

  /** For how many hosts a preview is measured. */
  get sizes(): readonly number[] {
    return this.options.sizes;
  }

  /** New hosts behind OpenSSH's server where there is one, else behind the lab's. */
  async hosts(count: number): Promise<Hosts> {
    const dir = this.folder(`hosts-${this.started.length}`);
    return this.keep(await (this.sshd ? startSshd(this.sshd, dir, count) : startLabHosts(dir, count)));
  }

  /** One host behind the lab's server, the same at each call. */
  labHost(): Promise<Hosts> {
    this.lab ??= startLabHosts(this.folder("lab"), 1).then((hosts) => this.keep(hosts));
    return this.lab;
  }

  folder(name: string): string {
    return join(this.dir, name);
  }

  private keep(hosts: Hosts): Hosts {
    this.started.push(hosts);
    return hosts;
  }

  async close(): Promise<void> {
    await Promise.all(this.started.map((hosts) => hosts.close()));
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** One part of the table. */
export type Measure = (bench: Bench) => Promise<Line[]>;
