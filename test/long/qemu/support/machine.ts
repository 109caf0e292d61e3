import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ConnectionSpec } from "../../../../provider/host/ssh/spec";
import { Console } from "./console";
import { type Firmware, qemuArguments } from "./hardware";
import type { Image } from "./image";
import { Link } from "./link";
import { type End, Qemu } from "./qemu";
import { Shell } from "./shell";
import { must } from "./tools";

/** A machine of the image: its disk, its console and its wire last over all its starts, and nothing of it over `remove`. */
export class Machine {
  readonly dir = mkdtempSync(join(tmpdir(), "acrn-qemu-"));
  readonly console = new Console(join(this.dir, "console"), () => this.running);
  readonly link = new Link();
  /** How each of its runs ended. */
  readonly ends: End[] = [];
  private qemu: Qemu | undefined;
  private port = 0;

  private constructor(
    private readonly image: Image,
    private readonly firmware: Firmware,
  ) {}

  /** Not started yet. Its disk is an overlay, so the image stays as it is. */
  static async make(image: Image, firmware: Firmware): Promise<Machine> {
    const machine = new Machine(image, firmware);
    await must("qemu-img", ["create", "-q", "-f", "qcow2", "-F", "raw", "-b", image.disk, machine.disk]);
    machine.port = await machine.link.open();
    return machine;
  }

  private get disk(): string {
    return join(this.dir, "disk.qcow2");
  }

  get running(): boolean {
    return this.qemu?.running ?? false;
  }

  /** Resets since the last start, of a machine that may; one reboot can be two (seen with SeaBIOS). */
  get resets(): number {
    return this.qemu?.resets ?? 0;
  }

  /** Power on, with the disk as it is. */
  async start(): Promise<void> {
    if (this.running) throw new Error("the machine is running");
    const of = { firmware: this.firmware, disk: this.disk, console: this.console.file };
    const qemu = new Qemu(qemuArguments(of), join(this.dir, "resets"));
    this.qemu = qemu;
    void qemu.ended.then((end) => this.ends.push(end));
    this.link.to = await qemu.port();
    void qemu.ended.then(() => {
      if (this.qemu === qemu) this.link.to = undefined;
    });
  }

  /** How this run ends. */
  async ended(seconds = 900): Promise<End> {
    if (!this.qemu) throw new Error("the machine was not started");
    const late = new AbortController();
    const limit = sleep(seconds * 1000, undefined, { signal: late.signal }).then(
      () => Promise.reject(new Error(`the machine runs on after ${seconds} s:\n${this.console.tail()}`)),
      () => new Promise<never>(() => {}), // it ended in time
    );
    return Promise.race([this.qemu.ended, limit]).finally(() => late.abort());
  }

  /** The power goes: what the guest had not yet given to its disk is lost. */
  async cutPower(): Promise<void> {
    this.qemu?.kill();
    await this.qemu?.ended;
  }

  /** How a program of ours reaches it; valid over all its starts. */
  get connection(): ConnectionSpec & { port: number } {
    const { key, hostKey } = this.image;
    return {
      host: "127.0.0.1",
      port: this.port,
      user: "root",
      privateKeyFile: key,
      hostKey,
      agent: false,
      sshConfig: false,
    };
  }

  /** OpenSSH's own client, which knows nothing of the provider. */
  get shell(): Shell {
    return this.shellOf("root");
  }

  shellOf(user: string): Shell {
    return new Shell(this.dir, this.connection.port, this.image, user);
  }

  /**
   * Waits for its sshd and returns its boot id.
   * @param not the boot id of a boot that has to be over
   */
  async reached({ not, seconds = 900 }: { not?: string; seconds?: number } = {}): Promise<string> {
    for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(300)) {
      if (!this.running) break;
      if (!(await greets(this.port))) continue;
      const id = await this.shell.run("cat /proc/sys/kernel/random/boot_id").catch(() => undefined);
      if (id !== undefined && id.trim() !== not) return id.trim();
    }
    const state = this.running ? `after ${seconds} s` : `because it ended (${JSON.stringify(this.ends.at(-1))})`;
    throw new Error(`the machine is not reached ${state}:\n${this.console.tail()}`);
  }

  async remove(): Promise<void> {
    await this.cutPower();
    await this.link.close();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** Whether sshd says its version there (RFC 4253, 4.2): cheaper for the guest than a login that has to fail. */
function greets(port: number): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect(port, "127.0.0.1");
    socket.setTimeout(3000, () => socket.destroy());
    socket.on("error", () => undefined);
    socket.once("data", (chunk) => {
      settle(chunk.toString("latin1").startsWith("SSH-2.0"));
      socket.destroy();
    });
    socket.once("close", () => settle(false));
  });
}
