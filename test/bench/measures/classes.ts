import { type ClosPlanInput, planClos } from "../../../provider/core/acrn/clos/plan";
import type { ClosVm } from "../../../provider/core/acrn/clos/types";
import type { Cache, Topology } from "../../../provider/core/hardware/types";
import type { Measure } from "../bench";
import { type Goal, judged, shown, spreadOf } from "../figures";

const GOAL: Goal = { is: "<=", value: 5, text: "<= 5 ms" };
const VMS = 16;
const VCPUS = 4;
const L2S = 11;

/** (g) CPU time of planning the cache classes of a large host: 16 VMs of 4 vCPUs on an L3 and 11 L2 caches with CAT. */
export const measureClasses: Measure = async (bench) => {
  const input = large();
  const first = planClos(input);
  if (first.refusals.length > 0) throw new Error(first.refusals[0]?.message);
  const again = { ...input, former: first.allocations };
  const figure = spreadOf(Array.from({ length: bench.runs }, () => cpu(bench.quick ? 20 : 200, () => planClos(again))));
  const [text] = [JSON.stringify(first.allocations)];
  const bare = spreadOf(Array.from({ length: bench.runs }, () => cpu(200, () => JSON.parse(text))));
  return [
    {
      measure: "g",
      what: `CPU time of planning a CacheClos, ${VMS} VMs of ${VCPUS} vCPUs, ${L2S + 1} caches`,
      figure: shown(figure, "ms"),
      baseline: `${shown(bare, "ms")}: its policies read from JSON`,
      ratio: (figure.median / bare.median).toFixed(1),
      goal: judged(GOAL, figure.median),
    },
  ];
};

/** Milliseconds of user and system time each. */
function cpu(count: number, work: () => void): number {
  const before = process.cpuUsage();
  for (let at = 0; at < count; at++) work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / count;
}

function large(): ClosPlanInput {
  const ids = Array.from({ length: VMS * VCPUS }, (_, id) => id);
  const cache = (level: number, at: number, pcpus: number[]): Cache => ({
    level,
    id: `0x${at.toString(16)}`,
    type: 3,
    pcpus,
    cdp: false,
    cat: { maskLength: 20, closNumber: 16 },
  });
  const l2s = Array.from({ length: L2S }, (_, at) =>
    cache(
      2,
      at,
      ids.filter((id) => Math.floor(id / 6) === at),
    ),
  );
  const topology: Topology = {
    pcpus: ids.map((id) => ({ id, type: "unknown" })),
    cores: [],
    caches: [...l2s, cache(3, 0, ids)],
    pci: [],
    cachesKnown: true,
    coresKnown: false,
    missing: [],
  };
  const vms = Array.from({ length: VMS }, (_, at) => vm(at));
  const realtime = vms.filter((each) => each.realtime).map(({ key }) => key);
  const classes = Object.fromEntries(
    [0, 1, 2, 3, 4].map((at) => [
      `c${at}`,
      {
        vms: Object.fromEntries(realtime.slice(3 * at, 3 * at + 3).map((key) => [key, "all" as const])),
        l2: 2,
        l3: 3,
        exclusive: true,
      },
    ]),
  );
  return { declaration: { classes, cdp: false }, topology, vms, former: [] };
}

function vm(at: number): ClosVm {
  const pcpus = Array.from({ length: VCPUS }, (_, vcpu) => at * VCPUS + vcpu);
  const realtime = at > 0;
  const load = realtime ? "post-launched" : "service";
  return { key: `VM${at}`, load, realtime, lapicPassthrough: realtime, pcpus, vcat: false, line: 0 };
}
