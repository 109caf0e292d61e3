import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type FolderShell, folderTarget } from "../../../provider/host/folder";
import { PowerSession } from "../../../provider/host/power/session";
import type { RemoteProcess, Target } from "../../../provider/host/types";
import { tree } from "../helpers";

export const BOOT = "11111111-2222-3333-4444-555555555555";
export const LOCK = "run/pulumi-acrn/activation/lock";

/** A machine whose processes are files: what runs is what its /proc says. */
export class PaperMachine {
  readonly root = tree({ "proc/sys/kernel/random/boot_id": `${BOOT}\n`, "var/lib/x": "" });

  constructor(private readonly shell: FolderShell | undefined) {}

  /** An acrn-dm of that VM. */
  starts(vm: string, pid: number, start: number): void {
    const fields = Array.from({ length: 30 }, (_, at) => (at === 19 ? `${start}` : "0"));
    this.write(`proc/${pid}/stat`, `${pid} (acrn-dm) ${fields.join(" ")}\n`);
    this.write(`proc/${pid}/cmdline`, `acrn-dm\0--rtvm\0${vm}\0`);
    this.write(`run/acrn/mngr/${vm}.monitor.${pid}.socket`, "");
  }

  /** A killed one leaves its socket. */
  ends(vm: string, pid: number, how: "by itself" | "killed"): void {
    if (how === "by itself") rmSync(join(this.root, `run/acrn/mngr/${vm}.monitor.${pid}.socket`));
    rmSync(join(this.root, `proc/${pid}`), { recursive: true });
  }

  /** A client, and how it dies: nobody reads and nobody writes any more. */
  async client(script?: string): Promise<{ session: PowerSession; die(): void }> {
    const real = folderTarget(this.root, this.shell);
    const processes: RemoteProcess[] = [];
    const exec = async (command: string) => {
      const process = await real.transport.exec(command);
      processes.push(process);
      return process;
    };
    const target: Target = { elevation: real.elevation, transport: { label: "paper", exec } };
    const die = () => {
      for (const { stdin, stdout, stderr } of processes) for (const stream of [stdin, stdout, stderr]) stream.destroy();
    };
    return { session: await PowerSession.open(target, script), die };
  }

  /** The shell that has the lock. */
  get holder(): number {
    return Number(this.read(LOCK).split(" ")[1]);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  has(path: string): boolean {
    return existsSync(join(this.root, path));
  }
}
