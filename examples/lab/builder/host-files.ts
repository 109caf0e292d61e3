import { createHash } from "node:crypto";
import { buildBoard } from "./board";
import { layOut } from "./board-layout";
import { kernelFiles, menuFiles } from "./host-boot";
import { liveFiles, type SvmCpu } from "./host-live";
import type { HostTreeSpec } from "./host-spec";
import { launchScripts } from "./launch-script";
import { buildScenario } from "./scenario";

export type HostEntry =
  | { kind: "file"; content: string; mode?: number }
  | { kind: "link"; target: string }
  | { kind: "folder" };

export type HostFiles = Map<string, HostEntry>;

/**
 * The files of an ACRN target by absolute path, laid out as the Debian packages do (reference 1.1). Those exist from
 * v3.0 on; 2.x targets get the same places for board, record and image, since nothing ever packaged them elsewhere.
 */
export function hostFiles(spec: HostTreeSpec): HostFiles {
  const files: HostFiles = new Map();
  for (const folder of FOLDERS) files.set(folder, { kind: "folder" });
  addPackage(spec, files);
  addBoot(spec, files);
  addScripts(spec, files);
  addSums(files);
  for (const [path, content] of Object.entries(liveFiles(spec, svmCpus(spec)))) put(files, path, content);
  put(files, "/dev/acrn_hsm", "");
  put(files, "/usr/share/acrn/bios/OVMF.fd", "the lab's OVMF\n");
  put(files, handOver(spec.acrnVersion), "");
  for (const name of PROGRAMS) put(files, `/usr/bin/${name}`, "the lab's stub leads PATH\n", 0o755);
  for (const [path, content] of Object.entries(spec.extra ?? {})) put(files, path, content, modeOf(files.get(path)));
  return files;
}

/** There before anything is put into them; cpu0 has a folder too, though it cannot go offline. */
const FOLDERS = ["/usr/share/acrn/conf/add", "/var/lib", "/run", "/tmp", "/sys/devices/system/cpu/cpu0"];

/** ACRN's, and what acrn-dm needs from v3.1 on (reference 1.1, 1.5). */
const PROGRAMS = ["acrn-dm", "acrnctl", "acrnd", "iasl"];

/** Where a CPU of the Service VM is handed over: HSM's since v2.7 (reference 1.5). */
function handOver(version: string): string {
  const old = version.startsWith("2") && version !== "2.7";
  return old ? "/sys/class/vhm/acrn_vhm/offline_cpu" : "/sys/devices/virtual/misc/acrn_hsm/remove_cpu";
}

function put(files: HostFiles, path: string, content: string, mode?: number): void {
  files.set(path, mode === undefined ? { kind: "file", content } : { kind: "file", content, mode });
}

/** A file that `extra` replaces stays as executable as it was. */
function modeOf(entry: HostEntry | undefined): number | undefined {
  return entry?.kind === "file" ? entry.mode : undefined;
}

const PAYLOAD = "/usr/lib/x86_64-linux-gnu/acrn";
const SCRIPTS = "/usr/share/acrn/launch-scripts";

function addPackage(spec: HostTreeSpec, files: HostFiles): void {
  const { board, scenario } = spec;
  const folder = `${PAYLOAD}/${board.name}/${scenario.name}`;
  const image = `acrn.${board.name}.${scenario.name}`;
  put(files, `${PAYLOAD}/${board.name}/board.xml`, "text" in board ? board.text : buildBoard(board));
  put(files, `${folder}/scenario.xml`, "text" in scenario ? scenario.text : buildScenario(scenario));
  put(files, `${folder}/${image}.bin`, packagedImage(spec));
  put(files, `${folder}/${image}.config`, configOf(spec));
  put(files, `${folder}/${image}.map`, "ffffffff80000000 T cpu_primary_start_64\n");
  const up = "../../lib/x86_64-linux-gnu/acrn";
  files.set("/usr/share/acrn/board.xml", { kind: "link", target: `${up}/${board.name}/board.xml` });
  files.set("/usr/share/acrn/scenario.xml", {
    kind: "link",
    target: `${up}/${board.name}/${scenario.name}/scenario.xml`,
  });
}

/** postinst copies the chosen image under the version's name. */
function addBoot(spec: HostTreeSpec, files: HostFiles): void {
  const base = `/boot/acrn-${spec.acrnVersion}`;
  put(files, `${base}.bin`, packagedImage(spec));
  put(files, `${base}.config`, configOf(spec));
  put(files, `${base}.map`, "ffffffff80000000 T cpu_primary_start_64\n");
  for (const { path, content, mode } of [...kernelFiles(spec), ...menuFiles(spec)]) put(files, path, content, mode);
}

/** No hypervisor: bytes that differ from image to image. */
function packagedImage({ board, scenario, acrnVersion }: HostTreeSpec): string {
  return `lab image of ACRN ${acrnVersion} for ${board.name}/${scenario.name}\n`;
}

function configOf({ board, scenario }: HostTreeSpec): string {
  const text = "text" in scenario ? scenario.text : buildScenario(scenario);
  const rdt = /<RDT_ENABLED>\s*y\s*</.test(text) ? "CONFIG_RDT_ENABLED=y" : "# CONFIG_RDT_ENABLED is not set";
  return `CONFIG_BOARD=${board.name}\nCONFIG_SCENARIO=${scenario.name}\n${rdt}\n`;
}

function addScripts(spec: HostTreeSpec, files: HostFiles): void {
  const { board, scenario } = spec;
  const legacy = (spec.dialect ?? (spec.acrnVersion.startsWith("2") ? "2.x" : "3.x")) === "2.x";
  const folder = legacy ? (spec.home ?? "/home/acrn") : `${SCRIPTS}/${board.name}/${scenario.name}`;
  const made = "text" in board || "text" in scenario ? [] : launchScripts(board, scenario);
  for (const { name, text } of made) put(files, `${folder}/${name}`, text, 0o755);
  for (const { path, text } of spec.launchScripts ?? []) put(files, path, text, 0o755);
}

/** dpkg's record of what the package holds: MD5, two blanks, path without the first slash. */
function addSums(files: HostFiles): void {
  const lines = [...files].flatMap(([path, entry]) => {
    if (entry.kind !== "file" || !(path.startsWith(`${PAYLOAD}/`) || path.startsWith(`${SCRIPTS}/`))) return [];
    return [`${createHash("md5").update(entry.content).digest("hex")}  ${path.slice(1)}\n`];
  });
  put(files, "/var/lib/dpkg/info/acrn-hypervisor.md5sums", lines.join(""));
}

/**
 * The Service VM's CPUs: what pre-launched VMs leave, numbered anew from 0. A given board is searched for its numbers
 * here, without the product's own reader, so that one cannot hide the other's mistake.
 */
function svmCpus({ board, scenario }: HostTreeSpec): SvmCpu[] {
  const threads = "text" in board ? threadsOf(board.text) : layOut(board).threads;
  const taken = new Set(
    "text" in scenario ? [] : scenario.vms.filter((vm) => vm.kind.startsWith("pre")).flatMap((vm) => vm.cpus),
  );
  const left = threads.filter((thread) => !taken.has(thread.cpu)).sort((a, b) => a.cpu - b.cpu);
  return left.map(({ apicId }, number) => ({ number, apicId }));
}

function threadsOf(text: string): { cpu: number; apicId: number }[] {
  const pairs = [...text.matchAll(/<cpu_id>(\d+)<\/cpu_id>\s*<apic_id>(0x[0-9a-f]+)<\/apic_id>/g)];
  return pairs.map((pair) => ({ cpu: Number(pair[1]), apicId: Number(pair[2]) }));
}
