import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Readable } from "node:stream";
import ts from "typescript";
import { writeHostTree } from "../../../examples/lab/builder";
import { builtHosts, type LabHostPlan } from "../../../examples/lab/hosts";
import type { Io } from "../../../sdk/cli/io";
import { run } from "../../../sdk/cli/run";

const ROOT = resolve(__dirname, "../../..");
const made: string[] = [];

/** A folder that is gone after the test run. */
export function temporary(): string {
  const path = mkdtempSync(join(tmpdir(), "acrn-cli-"));
  made.push(path);
  return path;
}

process.once("exit", () => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
});

export function planOf(name: string): LabHostPlan {
  const plan = builtHosts().find(({ host }) => host.name === name);
  if (!plan) throw new Error(`no host ${name}`);
  return plan;
}

const trees = new Map<string, string>();

/** The tree of a host of the lab as a folder target, in a copy of its own. Built once, copied for every test. */
export function folderHost(name = "cell-1", changes: Record<string, string> = {}): string {
  let built = trees.get(name);
  if (!built) {
    built = join(temporary(), name);
    writeHostTree(built, planOf(name).tree);
    trees.set(name, built);
  }
  const copy = join(temporary(), name);
  cpSync(built, copy, { recursive: true, verbatimSymlinks: true });
  for (const [path, text] of Object.entries(changes)) writeFileSync(join(copy, path), text);
  return copy;
}

/** A declaration in a file of its own. */
export function declaration(text: string | object, file = "cell.yaml"): string {
  const path = join(temporary(), file);
  writeFileSync(path, typeof text === "string" ? text : JSON.stringify(text));
  return path;
}

/** One CorePartition, as most tests declare it. */
export function cell(
  args: object = { vms: { POST_RT_VM1: [2, 3] }, neighbours: "evict" },
  name = "cell-7",
  resource = "cores",
) {
  return { name, resources: [{ type: "CorePartition", name: resource, args }] };
}

export interface Ran {
  status: number;
  out: string;
  err: string;
}

export interface Surroundings {
  /** What a person answers on the terminal, and does before; without it there is none. */
  answer?: string | (() => string);
  stdin?: string;
  env?: Record<string, string>;
  /** stdout and stderr are a terminal. */
  terminal?: boolean;
}

/** The command line in this process: all of it but main.ts and the process's own streams. */
export async function cli(argv: readonly string[], surroundings: Surroundings = {}): Promise<Ran> {
  const { answer, stdin = "", env = {}, terminal = false } = surroundings;
  const ran: Ran = { status: -1, out: "", err: "" };
  const io: Io = {
    out: (bytes) => {
      ran.out += typeof bytes === "string" ? bytes : Buffer.from(bytes).toString("utf8");
    },
    err: (text) => {
      ran.err += text;
    },
    outIsTerminal: terminal,
    errIsTerminal: terminal,
    stdin: Readable.from([Buffer.from(stdin)]),
    env,
    ask:
      answer === undefined
        ? undefined
        : async (question) => {
            ran.err += question;
            return typeof answer === "string" ? answer : answer();
          },
    onInterrupt: () => () => {},
    exit: () => {
      throw new Error("exit");
    },
  };
  ran.status = await run(argv, io);
  return ran;
}

let compiled: string | undefined;

/** The sources as plain JavaScript, made once: a compiler in each of many processes takes longer than all that they do. */
function compiledMain(): string {
  if (compiled) return compiled;
  const to = temporary();
  symlinkSync(join(ROOT, "node_modules"), join(to, "node_modules"));
  const { options } = ts.convertCompilerOptionsFromJson(
    { target: "es2022", module: "commonjs", esModuleInterop: true },
    ROOT,
  );
  for (const layer of ["provider", "sdk"])
    for (const name of readdirSync(join(ROOT, layer), { recursive: true, encoding: "utf8" })) {
      if (!name.endsWith(".ts")) continue;
      const { outputText } = ts.transpileModule(readFileSync(join(ROOT, layer, name), "utf8"), {
        compilerOptions: options,
      });
      const path = join(to, layer, name.replace(/ts$/, "js"));
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, outputText);
    }
  compiled = join(to, "sdk/cli/main.js");
  return compiled;
}

/** The command line as a process of its own. */
export function spawnCli(
  argv: readonly string[],
  env: Record<string, string> = {},
): { child: ChildProcess; ended: Promise<Ran> } {
  const child = spawn(process.execPath, [compiledMain(), ...argv], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ran: Ran = { status: -1, out: "", err: "" };
  child.stdout?.on("data", (chunk: Buffer) => {
    ran.out += chunk.toString("utf8");
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    ran.err += chunk.toString("utf8");
  });
  const ended = new Promise<Ran>((settle) => child.once("close", (code) => settle({ ...ran, status: code ?? -1 })));
  return { child, ended };
}
