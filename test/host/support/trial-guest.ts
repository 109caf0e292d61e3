import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { LabHostSpec } from "../../../examples/lab/lab";
import { watchFiles } from "../../../provider/core/kernel/trial/watch";
import { GuestTrial } from "../../../provider/host/guest/trial-session";
import { Pool } from "../../../provider/host/ssh/pool";
import type { Target } from "../../../provider/host/types";
import { type Cell, RT, STD, withCell } from "../../lab/support/cell";

const UUID = "00000000-0000-4000-8000-000000000001";
const KERNEL = "6.1.0-18-rt-amd64";
export const GRUBENV = "/boot/grub/grubenv";
export const LINE = `root=UUID=${UUID} ro quiet idle=poll pulumi_acrn_trial=a1`;

const guests: NonNullable<LabHostSpec["guests"]> = {
  [RT]: { address: "192.168.1.10", layout: "debian", secondMs: 1 },
  [STD]: { address: "192.168.1.11", layout: "debian", secondMs: 1 },
};

type Vm = typeof RT | typeof STD;

/** A guest of a lab host, with the files of a trial. */
export class Guest {
  readonly kind: "rtvm" | "other";

  constructor(
    readonly cell: Cell,
    readonly vm: Vm,
    line: string,
  ) {
    this.kind = vm === RT ? "rtvm" : "other";
    for (const [path, text] of watchFiles(this.kind)) this.write(path, text);
    this.write(
      "boot/grub/custom.cfg",
      `menuentry 'the trial' --id pulumi-acrn-trial-a1 {\n\tlinux /boot/vmlinuz-${KERNEL} ${line}\n\tinitrd /boot/initrd.img-${KERNEL}\n}\n`,
    );
    this.write("var/lib/pulumi-acrn/ledger.json", "{}\n");
  }

  path(path: string): string {
    const found = this.cell.lab.host("cell-1").guests.find((guest) => guest.vm === this.vm);
    assert.ok(found);
    return join(found.front.dir, path);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), text);
  }

  has = (path: string): boolean => existsSync(this.path(path));
  read = (path: string): string => readFileSync(this.path(path), "utf8");
  get line(): string {
    return this.read("proc/cmdline").trim();
  }

  async ask<T>(work: (trial: GuestTrial) => Promise<T>): Promise<T> {
    const transport = new Pool().transport(this.cell.lab.guest("cell-1", this.vm));
    const target: Target = { transport, elevation: { how: "none" } };
    const trial = await GuestTrial.open(target);
    try {
      return await work(trial);
    } finally {
      await trial.close();
    }
  }

  async up(from = 0): Promise<void> {
    await this.cell.launch(this.vm);
    await this.cell.happened(`${this.vm} boots`, from);
  }

  /** Armed, and on its way into the trial's boot; a real-time VM is launched again by its host. */
  async begin(seconds: number, booted = `${this.vm} boots`): Promise<number> {
    await this.up();
    const from = this.cell.events.length;
    const { kind } = this;
    await this.ask(async (trial) => {
      const id = "a1";
      const entry = "pulumi-acrn-trial-a1";
      assert.equal(await trial.arm({ id, entry, seconds, kind, grubenv: GRUBENV, command: "grub-reboot" }), undefined);
      const { bootId: boot, ...state } = await trial.state();
      assert.deepEqual({ armed: state.armed, next: state.nextEntry }, { armed: { id, seconds, kind }, next: entry });
      assert.equal(await trial[kind === "rtvm" ? "powerOff" : "reboot"]({ kind, boot }), undefined);
    });
    if (kind === "rtvm") {
      await this.cell.happened(`power-off ${this.vm}`, from);
      await this.cell.launch(this.vm);
    }
    await this.cell.happened(booted, from);
    return from;
  }

  /** Where events go on behind one that happened. */
  after(event: string, from: number): number {
    return this.cell.events.indexOf(event, from) + 1;
  }

  /** What happened to it and to its host, without what becomes of its units and of GRUB's block. */
  since(from: number): string[] {
    return this.cell.events.slice(from).filter((event) => !/shared|\.service|grub-/.test(event));
  }
}

/** @param line of the trial */
export const withGuest = (vm: Vm, work: (guest: Guest) => Promise<void>, line = LINE) =>
  withCell({ guests }, (cell) => work(new Guest(cell, vm, line)));
