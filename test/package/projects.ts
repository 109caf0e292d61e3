import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { command, plainEnv } from "./command";

const ROOT = resolve(__dirname, "../..");
const OWN = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  version: string;
  devDependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
};

/** An empty project of a user, with our package and a component library installed from what was packed. */
export interface Project {
  dir: string;
  /** Put first on PATH: another Node, where the project brings one. */
  bin?: string;
}

export interface Packed {
  dir: string;
  tarball: string;
  /** Paths in the tarball. */
  files: string[];
}

let folder: string | undefined;

/** One folder for all files of this suite; it goes with the process. */
function workFolder(): string {
  if (folder === undefined) {
    const made = realpathSync(mkdtempSync(join(tmpdir(), "acrn-package-")));
    process.once("exit", () => rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  return folder;
}

/** The newest version of a package that the registry has, or undefined when no registry answers. */
export const newest = once(async (name: string): Promise<string | undefined> => {
  const asked = command("npm", ["view", name, "version", "--fetch-retries=0"], { cwd: workFolder(), env: plainEnv() });
  return asked.then(
    (text) => text.trim(),
    () => undefined,
  );
});

export const packed = once(async (): Promise<Packed> => pack(ROOT));

async function pack(source: string): Promise<Packed> {
  const dir = workFolder();
  const env = plainEnv();
  const out = await command("npm", ["pack", "--json", "--pack-destination", dir], { cwd: source, env });
  const [made] = JSON.parse(out.slice(out.indexOf("["))) as { filename: string; files: { path: string }[] }[];
  if (!made) throw new Error(`npm pack: ${out}`);
  return { dir, tarball: join(dir, made.filename), files: made.files.map(({ path }) => path) };
}

/** A library of components as its author would write it: our package and the SDK are its user's, so they are peers. */
const LIBRARY = `
const pulumi = require("@pulumi/pulumi");
const { AcrnHost, CorePartition } = require("pulumi-acrn");
exports.Cell = class Cell extends pulumi.ComponentResource {
  constructor(name, args, opts) {
    super("cells:index:Cell", name, {}, opts);
    const host = new AcrnHost(name, { connection: args.connection }, { parent: this });
    this.cores = new CorePartition(name + "-cores", { host, vms: args.vms, neighbours: "evict" }, { parent: this });
    this.registerOutputs({ pcpus: this.cores.pcpus });
  }
};`;

const library = once(async (): Promise<Packed> => {
  const dir = join(workFolder(), "library");
  const peerDependencies = { ...OWN.peerDependencies, "pulumi-acrn": `^${OWN.version}` };
  write(dir, { "package.json": json({ name: "cells", version: "1.0.0", main: "index.js", peerDependencies }) });
  write(dir, { "index.js": LIBRARY });
  return pack(dir);
});

/** Directly, and through the library: one host each, since a machine has one CorePartition. */
const PROGRAM = `
const { AcrnHost, CorePartition } = require("pulumi-acrn");
const { Cell } = require("cells");
const at = JSON.parse(process.env.ACRN_TEST_CONNECTIONS);
const host = new AcrnHost("direct", { connection: at.direct });
const cores = new CorePartition("cores", { host, vms: { POST_RT_VM1: [2, 3] }, neighbours: "evict" });
exports.pcpus = cores.pcpus;
exports.facts = host.facts.apply((facts) => facts.board);
exports.cell = new Cell("cell", { connection: at.library, vms: { POST_RT_VM1: [2, 3] } }).cores.pcpus;
`;

/** At the versions that this clone is developed with: npm has them in its cache. */
function ours(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, OWN.devDependencies[name] ?? ""]));
}

async function userProject(name: string, dependencies: Record<string, string>): Promise<string> {
  const dir = join(workFolder(), name);
  const [own, cells] = await Promise.all([packed(), library()]);
  const all = { "pulumi-acrn": `file:${own.tarball}`, cells: `file:${cells.tarball}`, ...dependencies };
  write(dir, {
    "package.json": json({ name, private: true, main: "index.js", dependencies: all }),
    "index.js": PROGRAM,
    "Pulumi.yaml": "name: user\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n",
  });
  return dir;
}

export const npmProject = once(async (): Promise<Project> => {
  const dir = await userProject("with-npm", ours("@pulumi/pulumi", "@types/node"));
  await npmInstall(dir);
  return { dir };
});

export const pnpmProject = once(async (): Promise<Project> => {
  const dir = await userProject("with-pnpm", ours("@pulumi/pulumi"));
  const pnpm = join(ROOT, "node_modules/pnpm/bin/pnpm.cjs");
  const args = [pnpm, "install", "--prefer-offline", "--reporter=append-only", "--ignore-workspace"];
  await command(process.execPath, args, { cwd: dir, env: plainEnv() });
  return { dir };
});

/** The newest SDK, which needs a newer Node than the oldest that we run on; the npm package `node` brings one. */
export const newestProject = once(async (): Promise<Project> => {
  const dir = await userProject("with-node-22", {
    "@pulumi/pulumi": (await newest("@pulumi/pulumi")) ?? "",
    node: "22",
  });
  await npmInstall(dir);
  const node = await command("node", ["-p", "process.execPath"], {
    cwd: dir,
    env: { ...plainEnv(), PATH: `${join(dir, "node_modules/.bin")}:${plainEnv().PATH}` },
  });
  return { dir, bin: dirname(node.trim()) };
});

async function npmInstall(dir: string): Promise<void> {
  const args = ["install", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
  await command("npm", args, { cwd: dir, env: plainEnv() });
}

function write(dir: string, files: Record<string, string>): void {
  mkdirSync(dir, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** Made at the first call, and shared by all tests that need it. */
function once<A extends unknown[], T>(make: (...args: A) => Promise<T>): (...args: A) => Promise<T> {
  const made = new Map<string, Promise<T>>();
  return (...args) => {
    const key = args.join();
    const known = made.get(key) ?? make(...args);
    made.set(key, known);
    return known;
  };
}
