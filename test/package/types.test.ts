import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../tools/process";
import { needs } from "../support/needs";
import { plainEnv } from "./command";
import { newest, npmProject } from "./projects";

const OPTIONS = {
  target: "es2022",
  module: "node16",
  moduleResolution: "node16",
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  noEmit: true,
  types: ["node"],
};

/** Each line below a `@ts-expect-error` has to be one, or the compiler complains about the comment. */
const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import {
  AcrnHost, type AcrnHostArgs, Activation, CacheClos, type CacheClosArgs, type Connection, CorePartition, type CorePartitionArgs, type HostFacts,
  GpuFrequency, type GpuLimits, HypervisorFeatures, HypervisorImage, type ImageBuild, RtVm,
} from "pulumi-acrn";

const config = new pulumi.Config();
const connection: Connection = { host: "10.0.0.7", port: 22, password: config.requireSecret("password"), jump: "gate" };
const args: AcrnHostArgs = { connection, scenario: { import: "scenario.xml" }, onUnreachable: "defer" };
const host = new AcrnHost("cell", args, { protect: true });
new AcrnHost("alias", { connection: "cell-7" });
new AcrnHost("folder", { connection: { root: pulumi.output("image") }, scripts: ["/opt/*.sh"] });

const vms: CorePartitionArgs["vms"] = { RT1: [2, pulumi.output(3)], RT2: { cores: 1, kind: "P" } };
const cores = new CorePartition("cores", { host, vms, neighbours: "evict", sharing: { l2: ["STD"] } }, { dependsOn: host });
export const cpus: pulumi.Output<string | undefined> = cores.rtCpus.apply((list) => list["RT1"]);
export const ids: pulumi.Output<Record<string, number[]>> = cores.apicIds;
export const board: pulumi.Output<string> = host.facts.apply((facts: HostFacts) => (facts.board.known ? facts.board.value : facts.board.why));
export const running: pulumi.Output<string[]> = cores.pending.apply((all) => all.filter((p) => p.state === "unknown").map((p) => p.evidence));

const rt = new RtVm("rt", { host, name: "RT1", partition: cores, memory: "1G" });
const classes: CacheClosArgs["classes"] = { rt: { vms: { RT1: "all" }, l2: "512K", l3: 4 }, two: pulumi.output({ vms: { RT2: [0] }, l3: { code: "0x3", data: "0xc" } }) };
const clos = new CacheClos("clos", { host, partition: cores, rtVms: [rt], classes, rest: { l2: 4 }, gpuWays: "board" });
export const picture: pulumi.Output<string> = clos.picture;
export const mask: pulumi.Output<string | undefined> = clos.masks.apply((masks) => masks["rt"]?.["L3 0x0"]);
const features = new HypervisorFeatures("features", { host, partition: cores, scheduler: "noop", mcePageSizeWorkaround: "off", trustAllGuestKernels: true });
const gpu = new GpuFrequency("gpu", { host, max: "lowest", boost: pulumi.output(350) });
export const limits: pulumi.Output<GpuLimits> = gpu.mhz;
const build: ImageBuild = { make: { source: "/home/acrn/acrn-hypervisor" }, on: { ssh: "builder" } };
const image = new HypervisorImage("image", { host, build, keep: 4, after: [clos, features] });
export const id: pulumi.Output<string> = image.image;
new Activation("activation", { host, allow: ["hypervisor-install", "host-reboot"] });

// @ts-expect-error: a class says which vCPUs it is for
new CacheClos("k1", { host, classes: { rt: { l3: 4 } } });
// @ts-expect-error: all vCPUs, or numbers
new CacheClos("k2", { host, classes: { rt: { vms: { RT1: "some" }, l3: 4 } } });
// @ts-expect-error: there is no such scheduler
new HypervisorFeatures("f1", { host, scheduler: "fifo" });
// @ts-expect-error: a frequency is a number, or the lowest
new GpuFrequency("g1", { host, max: "highest" });
// @ts-expect-error: an image is built somehow
new HypervisorImage("i1", { host });
// @ts-expect-error: there is no such place
new HypervisorImage("i2", { host, build: { command: "make", on: "cloud" } });
// @ts-expect-error: a host needs a connection
new AcrnHost("none", {});
// @ts-expect-error: a connection has a host or a root
new AcrnHost("nowhere", { connection: { port: 22 } });
// @ts-expect-error: there is no such choice
new AcrnHost("later", { connection: "x", onUnreachable: "later" });
// @ts-expect-error: host keys are always verified
new AcrnHost("loose", { connection: { host: "x", verify: false } });
// @ts-expect-error: the host is a resource, not a name
new CorePartition("c1", { host: "cell", vms });
// @ts-expect-error: pCPU ids are numbers
new CorePartition("c2", { host, vms: { RT1: ["2"] } });
// @ts-expect-error: there are P cores and E cores
new CorePartition("c3", { host, vms: { RT1: { cores: 1, kind: "X" } } });
// @ts-expect-error: cores are counted
new CorePartition("c4", { host, vms: { RT1: { kind: "P" } } });
// @ts-expect-error: neighbours are refused or evicted
new CorePartition("c5", { host, vms, neighbours: "share" });
// @ts-expect-error: an output is not the value
export const wrong: string = cores.rtCpus;
// @ts-expect-error: what may be unknown has to be asked for
export const unasked: pulumi.Output<string> = host.facts.apply((facts) => facts.board.value);
`;

/** Types of other packages are theirs. */
const NOT_OURS = /^node_modules\/(?!pulumi-acrn\/)/;

describe("package: types", function () {
  this.timeout(300_000);

  it("a strict program compiles against the packed declarations, and wrong arguments do not", async function () {
    needs(this, await newest("@pulumi/pulumi"), "no npm registry answers");
    const { dir } = await npmProject();
    writeFileSync(join(dir, "program.ts"), PROGRAM);
    writeFileSync(join(dir, "tsconfig.json"), JSON.stringify({ compilerOptions: OPTIONS, files: ["program.ts"] }));
    const tsc = require.resolve("typescript/bin/tsc");
    const args = [tsc, "-p", ".", "--pretty", "false", "--listFiles"];
    const { output } = await run(process.execPath, args, { cwd: dir, env: plainEnv() });
    assert.match(output, /node_modules\/pulumi-acrn\/dist\/sdk\/index\.d\.ts/, "it compiled against what was packed");
    const errors = output.split("\n").filter((line: string) => line.includes("error TS") && !NOT_OURS.test(line));
    assert.deepEqual(errors, []);
  });
});
