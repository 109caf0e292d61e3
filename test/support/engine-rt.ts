import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Machine } from "../../examples/lab/lab";
import { diffTrees, type Tree } from "../../examples/lab/tree";
import { Pool } from "../../provider/host/ssh/pool";
import { type Outcome, run, until } from "../host/ssh/support";
import { type EngineLab, SOURCE } from "./engine-lab";

/** What a new package brings, and what a running machine is: all else is as it was in the end. */
const NOT_KEPT = /^(run|proc|sys)(\/|$)|^(usr\/lib\/x86_64-linux-gnu\/acrn|boot\/)|acrn-hypervisor\.md5sums/;
const RECORD = "usr/share/acrn/scenario.xml";
const SUMS = "var/lib/dpkg/info/acrn-hypervisor.md5sums";

/** What a machine does when something is interrupted. */
const INTERRUPTION = /^(power-off|stop|restart|orphan|hangs|reset|reboot|poweroff|dark|off|panic)/;

/** A VM as it runs. */
export interface Running {
  pid: number | undefined;
  memory: string;
  pcpus: readonly number[];
}

/** One host of an engine test as its owner has it: he launches, installs and reboots by hand, and looks at what runs. */
export class RtCell {
  constructor(
    private readonly engine: EngineLab,
    readonly name: string,
  ) {}

  get machine(): Machine {
    return this.engine.lab.host(this.name).machine;
  }

  /** Undefined: nothing of it runs. */
  running(vm: string): Running | undefined {
    const found = this.machine.vms().find(({ name }) => name === vm);
    if (!found) return undefined;
    const { pid, args, pcpus } = found;
    return { pid, memory: args[args.indexOf("-m") + 1] ?? "", pcpus };
  }

  /** What has been interrupted so far: of an act that must not, the same before and after it. */
  get interrupted(): string[] {
    return this.machine.events.filter((event) => INTERRUPTION.test(event));
  }

  /** A command on the host. */
  on(command: string): Promise<Outcome> {
    const connection = this.engine.lab.connection(this.name, { user: "root" });
    return run(new Pool().transport(connection), command);
  }

  /** A command inside a VM. */
  in(vm: string, command: string): Promise<Outcome> {
    return run(new Pool().transport(this.engine.lab.guest(this.name, vm)), command);
  }

  /** Starts a launch script as its owner does, from its own folder. */
  async launch(script: string, vm: string): Promise<void> {
    const before = this.machine.events.length;
    await this.on(`cd $PULUMI_ACRN_ROOT${dirname(script)} && setsid nohup bash ${script} >/dev/null 2>&1 </dev/null &`);
    await this.happened(new RegExp(`^launch ${vm}$`), before);
  }

  async happened(event: RegExp, from = 0): Promise<void> {
    const seen = () => this.machine.events.slice(from).some((each) => event.test(each));
    await until(seen, `${event} (there was: ${this.machine.events.join("; ")})`);
  }

  /** Off from inside, then the machine anew: what autostart has comes back by itself. */
  async reboot(...off: string[]): Promise<void> {
    const before = this.machine.events.length;
    for (const vm of off) {
      await this.in(vm, "poweroff").catch(() => undefined);
      await this.happened(new RegExp(`^power-off ${vm}$`), before);
    }
    await this.on("reboot").catch(() => undefined); // the link goes with the machine
    await this.happened(/^boot$/, before);
    await this.machine.settled();
  }

  /** The package of an image that was built from the scenario source: another record, another image, dpkg's sums of both. */
  install(): void {
    const source = this.engine.read(this.name, SOURCE);
    const image = `an image of ${createHash("sha256").update(source).digest("hex")}\n`;
    const record = realpathSync(this.engine.path(this.name, RECORD));
    const root = realpathSync(this.engine.path(this.name, "."));
    const sums = this.engine.read(this.name, SUMS).split("\n").filter(Boolean);
    const brought = new Map([[record.slice(root.length + 1), source]]);
    for (const line of sums) if (line.endsWith(".bin")) brought.set(line.slice(34), image);
    const changed = sums.map((line) => {
      const text = brought.get(line.slice(34));
      return text === undefined ? line : `${createHash("md5").update(text).digest("hex")}  ${line.slice(34)}`;
    });
    for (const [file, text] of brought) this.write(file, text);
    this.write(SUMS, `${changed.join("\n")}\n`);
    const boot = readdirSync(this.engine.path(this.name, "boot")).filter((file) => /^acrn-[\d.]+\.bin$/.test(file));
    for (const file of boot) this.write(`boot/${file}`, image);
  }

  write(file: string, text: string): void {
    const path = this.engine.path(this.name, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  /** Somebody changes a file by hand. */
  edit(file: string, from: string | RegExp, to: string): void {
    const text = readFileSync(this.engine.path(this.name, file), "utf8");
    const edited = text.replace(from, to);
    if (edited === text) throw new Error(`${from} is not in ${file}`);
    this.write(file, edited);
  }

  /** What is not as it was, but for what runs and what a package brought. */
  left(before: Tree): string[] {
    return diffTrees(before, this.engine.tree(this.name), { times: false }).filter((line) => !NOT_KEPT.test(line));
  }
}
