import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeHostTree } from "../../examples/lab/builder";
import { builtHosts } from "../../examples/lab/hosts";
import { type Lab, startLab } from "../../examples/lab/lab";
import { findPulumi } from "../../tools/pulumi-cli";
import { needs } from "../support/needs";
import { newest, newestProject, npmProject, type Project, packed, pnpmProject } from "./projects";
import { type Preview, type Resource, UserStack } from "./stack";

/** Bytes of one resource in the state. The facts are all that is known of a board, twice: inputs and outputs. */
const MOST: Record<string, number> = { AcrnHost: 6000, CorePartition: 6000, HostFacts: 9000 };
const MOST_PROVIDER = 2000;

interface Row {
  title: string;
  project: () => Promise<Project>;
  node: RegExp;
}

const ROWS: Row[] = [
  { title: "npm", project: npmProject, node: /^v(20|2[1-9]|[3-9]\d)\./ },
  { title: "pnpm", project: pnpmProject, node: /^v(20|2[1-9]|[3-9]\d)\./ },
  { title: "npm, the newest @pulumi/pulumi and Node 22", project: newestProject, node: /^v22\./ },
];

describe("package: installed in an empty project", function () {
  this.timeout(300_000);
  let dir = "";
  let lab: Lab;

  before(async function () {
    needs(this, findPulumi(), "no Pulumi CLI");
    needs(this, await newest("@pulumi/pulumi"), "no npm registry answers");
    dir = realpathSync(mkdtempSync(join(tmpdir(), "acrn-package-lab-")));
    lab = await startLab({ dir: join(dir, "lab"), hosts: ["direct", "library"].map(machine) });
    // Side by side; each test awaits its own and says what went wrong with it.
    await packed();
    await Promise.allSettled(ROWS.map(({ project }) => project()));
  });

  after(async () => {
    await lab?.close();
    if (dir) rmSync(dir, { recursive: true, force: true });
  });

  function machine(name: string) {
    const plan = builtHosts().find(({ host }) => host.name === "cell-1");
    if (!plan) throw new Error("the lab has no cell-1");
    const id = Buffer.from(name).toString("hex").padEnd(32, "0").slice(0, 32);
    const productUuid = `${id.slice(0, 8)}-0000-4000-8000-000000000000`;
    writeHostTree(join(dir, name), { ...plan.tree, machineId: id, productUuid });
    return { name, dir: join(dir, name) };
  }

  const connections = () => ({ direct: lab.connection("direct"), library: lab.connection("library") });

  for (const { title, project, node } of ROWS)
    it(`previews a host, directly and through a component library: ${title}`, async () => {
      const stack = await UserStack.create(await project(), "preview", connections());
      assert.match(await stack.node(), node);
      const preview = await stack.preview();
      assert.deepEqual(errorsOf(preview), []);
      // The stack, the library's component, two hosts with their cores, and the facts of the direct one.
      assert.deepEqual(preview.changeSummary, { create: 7 });
      for (const name of ["cores", "cell-cores"])
        assert.deepEqual(inputsOf(preview, name).pcpus, { POST_RT_VM1: [2, 3] }, name);
    });

  it("keeps little in the state, and nothing of this machine in the provider's text", async () => {
    const project = await npmProject();
    const stack = await UserStack.create(project, "up", connections());
    await stack.pulumi("up", "--yes", "--skip-preview");
    const resources = await stack.state();
    assert.equal(resources.length, 5);
    for (const resource of resources) assert.ok(bytes(resource) <= (MOST[kindOf(resource)] ?? 0), sizes(resources));
    console.log(`      ${sizes(resources)}`);
    assertProviderTexts(resources, [dir, project.dir, process.cwd(), process.execPath]);
  });

  it("installs the newest SDK where it says so, not the one of this clone", async () => {
    const { dir: at } = await newestProject();
    const file = createRequire(join(at, "index.js")).resolve("@pulumi/pulumi/package.json");
    assert.equal(JSON.parse(readFileSync(file, "utf8")).version, await newest("@pulumi/pulumi"));
  });
});

function errorsOf({ diagnostics = [] }: Preview): string[] {
  return diagnostics.filter(({ severity }) => severity !== "info").map(({ message }) => message);
}

function inputsOf({ steps }: Preview, name: string): Record<string, unknown> {
  return steps.find(({ urn }) => urn.endsWith(`::${name}`))?.newState.inputs ?? {};
}

function assertProviderTexts(resources: readonly Resource[], foreign: readonly string[]): void {
  const texts = new Map<string, Set<unknown>>();
  for (const resource of resources) {
    const { inputs, outputs } = resource;
    texts.set(
      kindOf(resource),
      new Set([...(texts.get(kindOf(resource)) ?? []), inputs.__provider, outputs?.__provider]),
    );
  }
  assert.deepEqual([...texts.keys()].sort(), ["AcrnHost", "CorePartition", "HostFacts"]);
  for (const [kind, found] of texts) {
    const [text] = [...found] as string[];
    assert.equal(found.size, 1, `${kind}: one text for all resources of the kind`);
    assert.ok(text && text.length <= MOST_PROVIDER, `${kind}: ${text?.length} characters`);
    for (const path of foreign) assert.ok(!text.includes(path), `${kind}: ${path}`);
  }
}

function kindOf({ type }: Resource): string {
  return type.split(":").at(-1) ?? "";
}

function bytes(resource: Resource): number {
  return Buffer.byteLength(JSON.stringify(resource));
}

function sizes(resources: readonly Resource[]): string {
  return `bytes in the state: ${resources.map((resource) => `${kindOf(resource)} ${bytes(resource)}`).join(", ")}`;
}
