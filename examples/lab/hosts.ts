import { createHash, randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type BoardSpec, type HostTreeSpec, launchScripts, type ScenarioSpec, writeHostTree } from "./builder";
import type { LabHostSpec } from "./server/types";

/** A host of the lab before its tree is written. */
export interface LabHostPlan {
  host: Omit<LabHostSpec, "dir">;
  tree: HostTreeSpec;
  /** One line for people. */
  about: string;
}

/** Writes the tree below `dir` and returns what `startLab` takes. */
export function layDown(plan: LabHostPlan, dir: string): LabHostSpec {
  writeHostTree(dir, plan.tree);
  const { grub } = plan.tree;
  return { ...(typeof grub === "object" && { grub }), ...plan.host, dir };
}

/** A few hosts that differ in what matters: dialect, caches, core types, and how one becomes root. */
export function builtHosts(): LabHostPlan[] {
  return [
    {
      host: { name: "cell-1", guests: { POST_RT_VM1: { address: "192.168.1.10" } } },
      about: "3.x, 4 cores, L3 with CAT; root; behind it, once launched, the OS of POST_RT_VM1",
      tree: narrowed(
        tree("cell-1", "3.3", fourCores("cell-1-board", "3.x"), threeVms("3.x", "cell-1-board")),
        "POST_STD_VM1",
        [1],
      ),
    },
    {
      host: { name: "cell-2", users: { acrn: {} }, sudo: "nopasswd" },
      about: "2.x, 4 cores; user acrn with sudo",
      tree: tree("cell-2", "2.5", fourCores("cell-2-board", "2.x"), threeVms("2.x", "cell-2-board")),
    },
    {
      host: { name: "cell-3", users: { acrn: { password: "lab" } }, sudo: "password", jump: "cell-1" },
      about: 'P and E cores with SMT; user acrn, sudo with the password "lab", through cell-1',
      tree: tree("cell-3", "3.3", hybrid("cell-3-board"), threeVms("3.x", "cell-3-board")),
    },
  ];
}

/** The real boards of ACRN with one of their scenarios, from a folder laid out like `<version>/<board>/*.xml`. */
export function realHosts(data: string): LabHostPlan[] {
  return folders(data).flatMap((version) =>
    folders(join(data, version)).flatMap((board) => realHost(data, version, board) ?? []),
  );
}

/** In the order in which a board's folder is searched; the others are launch configurations. */
const SCENARIOS = ["shared.xml", "industry.xml", "hybrid_rt.xml", "hybrid.xml"];

function realHost(data: string, version: string, board: string): LabHostPlan | undefined {
  const folder = join(data, version, board);
  const scenario = SCENARIOS.find((name) => existsSync(join(folder, name)));
  const boardFile = join(folder, `${board}.xml`);
  if (!scenario || !existsSync(boardFile)) return undefined;
  const old = version.startsWith("v2");
  const name = `real-${board}${old ? "-2x" : ""}`;
  const given = (file: string) => ({
    name: file.replace(/\.xml$/, ""),
    text: readFileSync(join(folder, file), "utf8"),
  });
  return {
    host: { name },
    about: `ACRN's ${version}/${board} with ${scenario}; root`,
    tree: {
      ...identity(name),
      board: given(`${board}.xml`),
      scenario: given(scenario),
      acrnVersion: old ? "2.5" : "3.3",
    },
  };
}

function folders(path: string): string[] {
  if (!existsSync(path)) return [];
  const entries = readdirSync(path, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

function tree(name: string, acrnVersion: string, board: BoardSpec, scenario: ScenarioSpec): HostTreeSpec {
  return { ...identity(name), board, scenario, acrnVersion };
}

function fourCores(name: string, dialect: "2.x" | "3.x"): BoardSpec {
  return { name, dialect, pCores: 4, l3: { ways: 12, cat: true } };
}

function hybrid(name: string): BoardSpec {
  return { name, pCores: 4, eCores: 4, smt: true, hybrid: true, l2: { cat: true } };
}

/** The usual cell: the Service VM, a real-time VM and one for the rest. */
function threeVms(dialect: "2.x" | "3.x", board: string): ScenarioSpec {
  return {
    name: "shared",
    dialect,
    board,
    vms: [
      { kind: "service", cpus: [0, 1] },
      { kind: "post-rt", name: "POST_RT_VM1", cpus: [3] },
      { kind: "post", name: "POST_STD_VM1", cpus: [1, 2] },
    ],
  };
}

/**
 * A launch script that somebody narrowed by hand to some of the pCPUs that the scenario grants (reference 6.2). dpkg's
 * record keeps the sum of the packaged text. Where a script names them all, evicting the VM from one is refused: the
 * script would no longer fit.
 */
function narrowed(spec: HostTreeSpec, vm: string, cpus: number[]): HostTreeSpec {
  const { board, scenario } = spec;
  if ("text" in board || "text" in scenario) throw new Error("only a built host has scripts to narrow");
  const vms = scenario.vms.map((other) => (other.name === vm ? { ...other, cpus } : other));
  const script = launchScripts(board, { ...scenario, vms }).find((made) => made.vm === vm);
  if (!script) throw new Error(`no script starts ${vm}`);
  const path = `/usr/share/acrn/launch-scripts/${board.name}/${scenario.name}/${script.name}`;
  return { ...spec, extra: { ...spec.extra, [path]: script.text } };
}

/** The same machine at every start of the lab, but each start is a boot. */
function identity(name: string): Pick<HostTreeSpec, "machineId" | "productUuid" | "bootId"> {
  const hex = createHash("sha256").update(`lab host ${name}`).digest("hex");
  const uuid = [
    hex.slice(32, 40),
    hex.slice(40, 44),
    `4${hex.slice(45, 48)}`,
    `8${hex.slice(49, 52)}`,
    hex.slice(52, 64),
  ];
  return { machineId: hex.slice(0, 32), productUuid: uuid.join("-"), bootId: randomUUID() };
}
