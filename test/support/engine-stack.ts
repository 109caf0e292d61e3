import assert from "node:assert";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type EngineLab, ROOT } from "./engine-lab";
import { type Run, type RunOptions, runPulumi } from "./engine-run";

/** All stacks of a test file are stacks of one project, so that they differ in nothing but their name and program. */
const PROJECT = "engine";

/** Set beside pulumiEnv: a program of a test is plain JavaScript, nothing in it is to be type checked. */
const PLAIN = { PULUMI_NODEJS_TRANSPILE_ONLY: "true" };

/** One resource as the state file has it: secrets are ciphertext there. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
}

interface Checkpoint {
  checkpoint: { latest?: { resources?: StateResource[] } };
}

type Extra = Partial<Pick<RunOptions, "during" | "killed" | "cwd">> & { env?: Record<string, string> };

/** A stack with a program of its own. Every call is one run of the real CLI. */
export class EngineStack {
  readonly dir: string;

  private constructor(
    private readonly lab: EngineLab,
    readonly name: string,
  ) {
    this.dir = join(lab.dir, "programs", name);
  }

  static async create(lab: EngineLab, name: string): Promise<EngineStack> {
    const stack = new EngineStack(lab, name);
    mkdirSync(stack.dir, { recursive: true });
    writeFileSync(join(stack.dir, "Pulumi.yaml"), `name: ${PROJECT}\nruntime: nodejs\n`);
    writeFileSync(join(stack.dir, "package.json"), `{ "name": "${PROJECT}", "private": true }\n`);
    symlinkSync(join(ROOT, "node_modules"), join(stack.dir, "node_modules"));
    const made = await stack.run(["stack", "init", name]);
    assert.strictEqual(made.status, 0, made.text);
    return stack;
  }

  /**
   * The program: `at.<host>` is the connection of a lab host, `guests.<host>.<vm>` that of a VM's OS, `exports` are the stack's outputs.
   */
  program(body: string): void {
    const head = [
      'const pulumi = require("@pulumi/pulumi");',
      'const { AcrnHost, Activation, CacheClos, CorePartition, RtVm } = require("pulumi-acrn");',
      `const guests = ${JSON.stringify(this.lab.guests())};`,
      `const at = ${JSON.stringify(this.lab.connections())};`,
    ];
    writeFileSync(join(this.dir, "index.js"), `${head.join("\n")}\n${body}\n`);
  }

  /** A run that has to end well. */
  async ok(command: string, ...args: string[]): Promise<Run> {
    const run = await this.run([command, ...args]);
    assert.strictEqual(run.status, 0, run.text);
    return run;
  }

  /** A run that has to fail. */
  async fails(command: string, ...args: string[]): Promise<Run> {
    const run = await this.run([command, ...args]);
    assert.notStrictEqual(run.status, 0, run.text);
    return run;
  }

  /** Changes are made at once: where a preview is the point, a test asks for it by itself. */
  run([command = "", ...args]: readonly string[], { env, ...extra }: Extra = {}): Promise<Run> {
    const changes = ["up", "destroy", "refresh"].includes(command) && !args.includes("--preview-only");
    const yes = changes ? ["--yes", "--skip-preview"] : [];
    const on = command === "stack" ? [] : ["--stack", this.name];
    const all = { ...this.lab.env, ...PLAIN, ...env };
    return runPulumi([command, ...args, ...yes, ...on], { cwd: this.dir, ...extra, env: all });
  }

  /** The state file as it lies on disk. */
  stateText(): string {
    return readFileSync(this.stateFile(), "utf8");
  }

  state(): StateResource[] {
    return (JSON.parse(this.stateText()) as Checkpoint).checkpoint.latest?.resources ?? [];
  }

  resource(name: string): StateResource {
    const found = this.state().find(({ urn }) => urn.endsWith(`::${name}`));
    assert.ok(found, `the state has no ${name}`);
    return found;
  }

  /** As if an older version had written the state. */
  alterState(change: (resource: StateResource) => void): void {
    const state = JSON.parse(this.stateText()) as Checkpoint;
    for (const resource of state.checkpoint.latest?.resources ?? []) change(resource);
    writeFileSync(this.stateFile(), JSON.stringify(state));
  }

  private stateFile(): string {
    return join(this.lab.dir, "pulumi", "state", ".pulumi", "stacks", PROJECT, `${this.name}.json`);
  }
}

/** One step of `pulumi preview --json`. */
export interface PreviewStep {
  op: string;
  urn: string;
  newState?: { inputs?: Record<string, unknown> };
}

export interface Preview {
  steps: PreviewStep[];
  diagnostics: { urn?: string; message: string; severity: string }[];
  changeSummary: Record<string, number>;
}

export function previewOf(run: Run): Preview {
  const { steps = [], diagnostics = [], changeSummary = {} } = JSON.parse(run.stdout) as Partial<Preview>;
  return { steps, diagnostics, changeSummary };
}

/** What a preview would do, by the resource's name: `cores: update`. Those that stay, and looks at them, are left out. */
export function changesOf({ steps }: Preview): string[] {
  return steps
    .filter(({ op }) => op !== "same" && op !== "refresh")
    .map(({ op, urn }) => `${urn.split("::").at(-1)}: ${op}`)
    .sort();
}
