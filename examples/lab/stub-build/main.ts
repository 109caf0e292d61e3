import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { type LabFlags, labImage } from "../server/physics/lab-image";
import { allocationXml } from "../server/physics/rdt/allocation-xml";
import type { ClosTable } from "../server/physics/rdt/table";
import { configure } from "./configure";
import { miscCfg } from "./misc-cfg";
import { complaints } from "./validate";

/** How long a build takes, at least. */
const MOMENT_MS = 150;

interface Request {
  board: string;
  scenario: string;
  out: string;
  fail: boolean;
  wrongClos: boolean;
  flags: LabFlags;
}

/** The program; it ends with make's status: 2 when a step fails. */
export async function main(args: readonly string[]): Promise<void> {
  const request = requestOf(args);
  if (!request) {
    say("usage: lab-build BOARD.xml SCENARIO.xml OUT [--fail] [--hang] [--die] [--slow=MS] [--wrong-clos]");
    process.exitCode = 64;
    return;
  }
  process.exitCode = await build(request);
}

function requestOf(args: readonly string[]): Request | undefined {
  const words = args.filter((word) => !word.startsWith("--"));
  const options = args.filter((word) => word.startsWith("--"));
  const slow = options.map((word) => /^--slow=(\d+)$/.exec(word)?.[1]).find(Boolean);
  const known = /^--(fail|hang|die|wrong-clos|slow=\d+)$/;
  const [board, scenario, out] = words;
  if (!board || !scenario || !out || words.length > 3 || options.some((word) => !known.test(word))) return undefined;
  return {
    ...{ board: inTree(board), scenario: inTree(scenario), out: inTree(out) },
    fail: options.includes("--fail"),
    wrongClos: options.includes("--wrong-clos"),
    flags: {
      ...(options.includes("--hang") && { hangs: true }),
      ...(options.includes("--die") && { dies: true }),
      ...(slow !== undefined && { slow: Number(slow) }),
    },
  };
}

/** On a lab host a path of the machine lies below its tree. */
function inTree(path: string): string {
  const root = process.env.PULUMI_ACRN_ROOT;
  if (!root || !path.startsWith("/") || path.startsWith(`${root}/`)) return resolve(path);
  const inside = join(root, path);
  return existsSync(inside) || existsSync(dirname(inside)) ? inside : path;
}

async function build({
  board: boardFile,
  scenario: scenarioFile,
  out,
  fail,
  wrongClos,
  flags,
}: Request): Promise<number> {
  const [board, scenario] = [read(boardFile), read(scenarioFile)];
  if (board === undefined || scenario === undefined) {
    const missing = board === undefined ? boardFile : scenarioFile;
    return stop(`No rule to make target '${missing}', needed by 'hypervisor'`);
  }
  say(`make[1]: Entering directory 'hypervisor'`);
  say(`Board XML: ${basename(boardFile)}`, `Scenario XML: ${basename(scenarioFile)}`);
  say("Default values are populated into .scenario.xml");
  const found = complaints(scenario, board);
  for (const { level, text } of found) complain(`${level}: ${text}`);
  if (found.some(({ level }) => level !== "WARNING")) return stop("the scenario is not valid");
  say("Generating configuration files of the scenario");
  const { table, version, vms } = configure(scenario, board);
  const built = wrongClos ? wrong(table) : table;
  await new Promise((settle) => setTimeout(settle, MOMENT_MS));
  for (const file of ["arch/x86/rdt.c", "arch/x86/guest/vmsr.c", "boot/guest/vboot_info.c"]) say(`  CC ${file}`);
  complain("arch/x86/rdt.c:132:6: warning: unused variable 'i' [-Wunused-variable]");
  if (fail) {
    complain("arch/x86/guest/vmsr.c:318:2: error: expected ';' before 'return'");
    return stop("Error 1 in modules/hypervisor.a");
  }
  const allocation = allocationXml(built, vms);
  try {
    mkdirSync(join(out, "configs"), { recursive: true });
    const legacy = version.startsWith("2"); // its allocator knows no classes
    writeFileSync(join(out, "configs/allocation.xml"), legacy ? "<acrn-config>\n</acrn-config>\n" : allocation);
    writeFileSync(join(out, "configs/misc_cfg.h"), miscCfg(scenario, board, built));
    writeFileSync(join(out, "acrn.bin"), labImage({ version, scenario, board, flags, allocation }));
  } catch (error) {
    rmSync(join(out, "acrn.bin"), { force: true });
    return stop((error as Error).message);
  }
  say("  LD acrn.out", "  OBJCOPY acrn.bin", "make[1]: Leaving directory 'hypervisor'");
  return 0;
}

/** What a defect of the allocator could leave: the classes of two VMs are mistaken for each other, else one more than there is. */
function wrong({ vcpus, ...rest }: ClosTable): ClosTable {
  const ids = Object.keys(vcpus);
  const turned = ids.map((id, index) => [id, vcpus[ids[(index + 1) % ids.length] as string] ?? []] as const);
  const same = turned.every(([id, clos]) => String(clos) === String(vcpus[id]));
  const shifted = ids.map((id) => [id, (vcpus[id] ?? []).map((clos) => clos + 1)] as const);
  return { ...rest, vcpus: Object.fromEntries(same ? shifted : turned) };
}

const read = (path: string): string | undefined => (existsSync(path) ? readFileSync(path, "utf8") : undefined);

const say = (...lines: string[]): void => void process.stdout.write(`${lines.join("\n")}\n`);

const complain = (text: string): void => void process.stderr.write(`${text}\n`);

function stop(why: string): number {
  complain(`make: *** [Makefile:160: hypervisor] ${why}.  Stop.`);
  return 2;
}
