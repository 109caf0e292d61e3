import { findPulumi } from "../../../tools/pulumi-cli";
import { pulumiEnv } from "../../../tools/pulumi-env";
import type { Measure } from "../bench";
import { type Goal, judged, type Row } from "../figures";
import { usual } from "../programs";
import { Project, type Resource } from "../project";

const GOAL: Goal = { is: "<=", value: 6144, text: "<= 6 KB" };

/** (e) What a resource takes in the state, without white space, against what the engine keeps of it anyway. */
export const measureState: Measure = async (bench) => {
  if (findPulumi() === undefined) return [{ measure: "e", what: "bytes of state", why: "no Pulumi CLI" }];
  const hosts = await bench.hosts(1);
  const env = pulumiEnv(bench.folder("pulumi-state"));
  const project = await Project.create(bench.folder("state"), env, usual(hosts));
  await project.up();
  const own = (await project.state()).filter(({ type }) => type.includes("/acrn:"));
  const sizes = own.map((resource) => ({
    kind: kindOf(resource),
    bytes: bytesOf(resource),
    floor: engineOf(resource),
  }));
  await hosts.close();
  const mean = (pick: (size: (typeof sizes)[number]) => number) =>
    sizes.reduce((sum, size) => sum + pick(size), 0) / sizes.length;
  return [
    row(
      `mean of ${sizes.map(({ kind }) => kind).join(", ")}`,
      mean(({ bytes }) => bytes),
      mean(({ floor }) => floor),
    ),
    ...sizes.map(({ kind, bytes, floor }) =>
      row(`${kind}${kind === "CorePartition" ? " over five VMs" : ""}`, bytes, floor),
    ),
  ];
};

function row(what: string, bytes: number, floor: number): Row {
  return {
    measure: "e",
    what: `bytes of state, ${what}`,
    figure: `${Math.round(bytes)} bytes`,
    baseline: `${Math.round(floor)} bytes: what the engine itself keeps of it`,
    ratio: (bytes / floor).toFixed(2),
    goal: judged(GOAL, bytes),
  };
}

function kindOf({ type }: Resource): string {
  return type.slice(type.lastIndexOf(":") + 1);
}

function bytesOf(resource: object): number {
  return Buffer.byteLength(JSON.stringify(resource));
}

/** Names, parents, dependencies, times, places in the source: everything but our inputs and outputs. */
function engineOf(resource: Resource): number {
  return bytesOf({ ...resource, inputs: {}, outputs: {} });
}
