import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

/** Programs that launch scripts may use besides those of ACRN: nothing else is on their PATH here. */
const TOOLS = [
  "bash",
  "cat",
  "mkdir",
  "mv",
  "rmdir",
  "readlink",
  "realpath",
  "setsid",
  "sleep",
  "stat",
  "sha256sum",
  "grep",
  "head",
  "cut",
  "awk",
  "mktemp",
  "tr",
  "ls",
];

/** Programs that say what they were called with, and succeed. */
const RECORDERS = ["modprobe", "ip", "mount", "umount", "mountpoint"];

const ROOTS =
  /(?<![\w.])\/(?=sys\/|proc\/|run\/|dev\/acrn|dev\/input|usr\/share\/acrn|home\/|boot\/|var\/lib\/pulumi-acrn)/g;

export const BOOT = "5b1c8a4e-0000-4000-8000-000000000001";
export const MAC = "02:00:00:00:00:01";

/** A Service VM in a folder: scripts run in it with the paths of their machine rewritten, as the lab does it. */
export class Machine {
  readonly root = mkdtempSync(join(tmpdir(), "acrn-launch-"));
  readonly bin = join(this.root, "bin");

  /** CPU number of Linux -> APIC id. */
  constructor(apicIds: readonly number[] = [0, 2, 4, 6]) {
    for (const folder of ["bin", "work", "proc/1", "run", "sys/class/input"])
      mkdirSync(join(this.root, folder), { recursive: true });
    for (const tool of TOOLS) symlinkSync(which(tool), join(this.bin, tool));
    for (const name of RECORDERS) this.program(name, `echo ${name} "$@" >>"$ROOT/calls"`);
    this.program("id", "echo 0");
    this.program("iasl", ":");
    this.deviceModel("");
    this.write("/dev/acrn_hsm", "");
    this.write("/proc/sys/kernel/random/boot_id", `${BOOT}\n`);
    this.write("/proc/1/cmdline", "/sbin/init\0");
    this.write("/sys/class/net/eth0/address", `${MAC}\n`);
    this.write("/sys/devices/virtual/misc/acrn_hsm/remove_cpu", "");
    this.write("/proc/cpuinfo", apicIds.map(cpuinfo).join(""));
    for (const cpu of apicIds.keys()) this.write(`/sys/devices/system/cpu/cpu${cpu}/online`, "1\n");
  }

  /** acrn-dm: records its arguments, each with a NUL behind it, then does what `body` says. */
  deviceModel(body: string): void {
    this.program("acrn-dm", `printf '%s\\0' "$@" >"$ROOT/args"\n${body}`);
  }

  program(name: string, body: string): void {
    writeFileSync(join(this.bin, name), `#!${join(this.bin, "bash")}\nROOT=${this.root}\n${body}\n`);
    chmodSync(join(this.bin, name), 0o755);
  }

  /** A PCI device with a driver of its own; pci-stub is loaded. */
  device(bdf: string): void {
    this.write(`/sys/bus/pci/devices/${bdf}/vendor`, "0x8086\n");
    this.write(`/sys/bus/pci/devices/${bdf}/device`, "0x15f3\n");
    this.write(`/sys/bus/pci/devices/${bdf}/driver/unbind`, "");
    for (const file of ["new_id", "bind"]) this.write(`/sys/bus/pci/drivers/pci-stub/${file}`, "");
  }

  /** A file of the machine, by its path there. */
  path(path: string): string {
    return path.startsWith("/") ? join(this.root, path) : join(this.root, "work", path);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), text);
  }

  read(path: string): string | undefined {
    return existsSync(this.path(path)) ? readFileSync(this.path(path), "utf8") : undefined;
  }

  list(path: string): string[] {
    return readdirSync(this.path(path));
  }

  remove(path: string): void {
    rmSync(this.path(path), { recursive: true, force: true });
  }

  /** As on the machine: where a text names a path of this folder, the machine's path. */
  away(text: string): string {
    return text.replaceAll(this.root, "");
  }

  /** The script as a file in which every path is this folder's. */
  install(script: string, name = "launch.sh"): string {
    const file = join(this.root, name);
    writeFileSync(file, script.replace(ROOTS, `${this.root}/`));
    return file;
  }

  run(script: string, ...args: readonly string[]): { status: number | null; stderr: string; stdout: string } {
    return this.runFile(this.install(script), ...args);
  }

  runFile(path: string, ...args: readonly string[]): { status: number | null; stderr: string; stdout: string } {
    const options = { ...this.options, encoding: "utf8" as const };
    const { status, stderr, stdout } = spawnSync(join(this.bin, "bash"), [path, ...args], options);
    return { status, stderr: this.away(stderr), stdout: this.away(stdout) };
  }

  /** Without waiting; what it prints goes to a file, as it may outlive who started it. */
  start(script: string): ChildProcess {
    const log = openSync(join(this.root, "log"), "a");
    try {
      return spawn(join(this.bin, "bash"), [this.install(script)], { ...this.options, stdio: ["ignore", log, log] });
    } finally {
      closeSync(log);
    }
  }

  private get options() {
    return { cwd: join(this.root, "work"), env: { PATH: this.bin } };
  }

  /** What acrn-dm was given; undefined: it was not started. */
  get args(): string[] | undefined {
    return this.read("/args")
      ?.split("\0")
      .slice(0, -1)
      .map((word) => this.away(word));
  }

  get calls(): string[] {
    return this.away(this.read("/calls") ?? "")
      .split("\n")
      .slice(0, -1);
  }

  /** CPU numbers that are offline. */
  get offline(): number[] {
    const cpus = [...Array(64).keys()];
    return cpus.filter((cpu) => this.read(`/sys/devices/system/cpu/cpu${cpu}/online`)?.trim() === "0");
  }

  record(vm: string): string | undefined {
    return this.read(`/run/pulumi-acrn/vms/${vm}`);
  }

  close(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** The distances count: generated scripts look for a CPU's number in the 15 lines before its APIC id. */
function cpuinfo(apic: number, cpu: number): string {
  const more = (count: number) => Array.from({ length: count }, (_, at) => `field ${at}\t: 0\n`).join("");
  return `processor\t: ${cpu}\n${more(12)}apicid\t\t: ${apic}\ninitial apicid\t: ${apic}\n${more(11)}\n`;
}

export function which(program: string): string {
  const folders = (process.env.PATH ?? "").split(delimiter).concat("/usr/sbin", "/sbin");
  const found = folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`no ${program} on PATH`);
  return found;
}
