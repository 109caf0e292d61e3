import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { writeHostTree } from "../../../examples/lab/builder";
import { type Applied, apply, type Task } from "../../../provider/converge/apply";
import type { Draft } from "../../../provider/converge/draft";
import { Machine } from "../../../provider/converge/machine";
import { type Planned, planResource, planWithdrawal } from "../../../provider/converge/plan-resource";
import { AcrnError } from "../../../provider/core/errors";
import { folderTarget } from "../../../provider/host/folder";
import type { Target } from "../../../provider/host/types";
import { gpuFrequencyKind } from "../../../provider/resources/gpu-frequency";
import { gpuFrequencySchema } from "../../../provider/resources/gpu-frequency/schema";
import { kindOf } from "../../../provider/resources/kinds";
import { identity } from "../../support/memory-host";

const who = { stack: "s", kind: "GpuFrequency", urns: ["urn:gpu"] };
export const RULES = "etc/udev/rules.d/99-pulumi-acrn-gpu.rules";
export const LEDGER = "var/lib/pulumi-acrn/ledger.json";
export const ADDRESS = "0000:00:02.0";
export const SECOND = "0000:03:00.0";
let count = 0;

export interface Trouble {
  /** From this script on the link is dead. */
  dies?: number;
  /** What a file of sysfs or /proc/sys is told becomes this: i915 rounds, or stays where it was. */
  takes?: (line: string) => string;
}

/** A folder that answers as a running machine. */
export class Live extends Machine {
  scripts = 0;
  constructor(
    private readonly root: string,
    private readonly trouble: Trouble = {},
  ) {
    super({ connection: { root } });
  }

  override target(): Target {
    const { transport, elevation } = folderTarget(this.root);
    const exec = async (command: string) => {
      if (++this.scripts >= (this.trouble.dies ?? Number.POSITIVE_INFINITY))
        throw new AcrnError("ssh.lost", "the link is dead");
      const process = await transport.exec(command);
      if (this.trouble.takes) translated(process.stdin, this.trouble.takes);
      return process;
    };
    return { transport: { label: "live", exec }, elevation };
  }
}

function translated(stdin: Writable, takes: (line: string) => string): void {
  const write = stdin.write.bind(stdin) as (text: string) => boolean;
  stdin.write = ((text: unknown) =>
    write(String(text).replace(/^(?:\/proc)?\/sys\/.* .*$/gm, (line) => takes(line)))) as typeof stdin.write;
}

/** A host with a GPU from 300 to 1300 MHz, in a folder of its own. */
export class GpuCell {
  readonly dir = mkdtempSync(join(tmpdir(), "pulumi-acrn-"));

  constructor(now?: { min: number; max: number; boost: number }) {
    const board = { name: "b", pCores: 4 };
    const vms = [{ kind: "service" as const, cpus: [0, 1] }];
    const scenario = { name: "s", dialect: "3.x" as const, board: "b", vms };
    const gpu = { lowest: 300, highest: 1300, ...(now ? { now } : {}) };
    const who = identity(`running ${++count} ${process.pid}`);
    writeHostTree(this.dir, { ...who, board, scenario, acrnVersion: "3.3", gpu });
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** A second GPU, the same as the first. */
  second(): void {
    cpSync(this.#folder(ADDRESS), this.#folder(SECOND), { recursive: true });
  }

  create(args: Record<string, unknown>, trouble: Trouble = {}, more: Partial<Task> = {}): Promise<Applied> {
    return apply(new Live(this.dir, trouble), { ...more, plan: planOf(args) });
  }

  destroy(trouble: Trouble = {}, more: Partial<Task> = {}): Promise<Applied> {
    return apply(new Live(this.dir, trouble), { ...more, plan: withdrawal, following: false });
  }

  /** max, boost, min */
  running(address = ADDRESS): number[] {
    return ["max", "boost", "min"].map((name) => Number(readFileSync(this.#file(name, address), "utf8")));
  }

  /** Somebody sets it, or the hardware has become another one. */
  set(name: "min" | "max" | "boost" | "RPn" | "RP0", mhz: number, address = ADDRESS): void {
    writeFileSync(this.#file(name, address), `${mhz}\n`);
  }

  has(path: string): boolean {
    return existsSync(join(this.dir, path));
  }

  #file(name: string, address: string): string {
    return join(this.#folder(address), `drm/card0/gt_${name}_freq_mhz`);
  }

  #folder(address: string): string {
    return join(this.dir, "sys/bus/pci/devices", address);
  }
}

export const planOf =
  (args: Record<string, unknown>) =>
  (draft: Draft): Planned =>
    planResource(draft, gpuFrequencyKind, who, gpuFrequencySchema.parse(args), "id1");

export const withdrawal = (draft: Draft): Planned => planWithdrawal(draft, Object.values(draft.ledger.owners), kindOf);
