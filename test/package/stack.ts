import { join } from "node:path";
import { pulumiEnv } from "../../tools/pulumi-env";
import { command } from "./command";
import type { Project } from "./projects";

export interface Resource {
  urn: string;
  type: string;
  inputs: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

export interface Preview {
  steps: { op: string; urn: string; newState: Resource }[];
  diagnostics?: { message: string; severity: string }[];
  changeSummary: Record<string, number>;
}

/** A stack of a user's project, its state and the CLI's home in that project's folder. */
export class UserStack {
  private constructor(
    readonly project: Project,
    private readonly env: Record<string, string>,
  ) {}

  static async create(project: Project, name: string, connections: Record<string, unknown>): Promise<UserStack> {
    const env = pulumiEnv(join(project.dir, ".pulumi-test"));
    if (project.bin) env.PATH = `${project.bin}:${env.PATH}`;
    const stack = new UserStack(project, { ...env, ACRN_TEST_CONNECTIONS: JSON.stringify(connections) });
    await stack.pulumi("stack", "init", name);
    return stack;
  }

  pulumi(...args: string[]): Promise<string> {
    return command("pulumi", [...args, "--non-interactive"], { cwd: this.project.dir, env: this.env });
  }

  /** The node that the language host finds. */
  async node(): Promise<string> {
    return (await command("node", ["--version"], { cwd: this.project.dir, env: this.env })).trim();
  }

  async preview(): Promise<Preview> {
    return JSON.parse(await this.pulumi("preview", "--json")) as Preview;
  }

  async state(): Promise<Resource[]> {
    const exported = JSON.parse(await this.pulumi("stack", "export")) as { deployment: { resources: Resource[] } };
    return exported.deployment.resources.filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/acrn:"));
  }
}
