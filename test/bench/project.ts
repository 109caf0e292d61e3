import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../tools/paths";
import { run } from "../support/run-program";

/** One resource of a state, as the engine writes it. */
export interface Resource {
  urn: string;
  type: string;
}

/** A project with one stack and a plain program, which needs no compiler at each run. */
export class Project {
  private constructor(
    private readonly dir: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** @param files further files of the program's folder, which are copied there */
  static async create(dir: string, env: NodeJS.ProcessEnv, program: string, files: readonly string[] = []) {
    mkdirSync(dir, { recursive: true });
    writeFileSync(
      join(dir, "Pulumi.yaml"),
      "name: bench\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n",
    );
    writeFileSync(join(dir, "package.json"), '{ "name": "bench", "private": true }\n');
    symlinkSync(join(ROOT, "node_modules"), join(dir, "node_modules"));
    writeFileSync(join(dir, "index.js"), program);
    for (const file of files) copyFileSync(join(ROOT, file), join(dir, file.slice(file.lastIndexOf("/") + 1)));
    const project = new Project(dir, { ...env, PULUMI_NODEJS_TRANSPILE_ONLY: "true" });
    await project.pulumi("stack", "init", dir.slice(dir.lastIndexOf("/") + 1));
    return project;
  }

  /** Milliseconds of one `pulumi preview --diff`. */
  async preview(edits: number): Promise<number> {
    const { took, stdout } = await this.pulumi("preview", "--diff");
    const shown = stdout.match(/: 1[1-5] => 2[1-5]"$/gm)?.length ?? 0;
    if (shown !== edits) throw new Error(`the preview shows ${shown} edits, not ${edits}:\n${stdout.slice(-2000)}`);
    return took;
  }

  async up(): Promise<void> {
    await this.pulumi("up", "--yes", "--skip-preview");
  }

  async state(): Promise<Resource[]> {
    const file = join(this.dir, "state.json");
    await this.pulumi("stack", "export", "--file", file);
    return (JSON.parse(readFileSync(file, "utf8")) as { deployment: { resources: Resource[] } }).deployment.resources;
  }

  private pulumi(...args: string[]) {
    return run("pulumi", [...args, "--non-interactive", "--color", "never"], { cwd: this.dir, env: this.env });
  }
}
