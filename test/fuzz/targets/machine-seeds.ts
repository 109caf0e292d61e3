import type { BoardSpec, ScenarioSpec } from "../../../examples/lab/builder";
import { planResource } from "../../../provider/converge/plan-resource";
import { LEDGER_PATH } from "../../../provider/core/claims/ledger";
import { type CorePartitionArgs, corePartitionKind } from "../../../provider/resources/core-partition";
import { identity, MemoryHost } from "../../support/memory-host";
import { once } from "../seeds";

/** A machine's files by path, as a read would bring them. */
export type Files = Record<string, string>;

/** The VM of every seed that is claimed for. */
export const VM = "POST_RT_VM1";

export const BOARD: BoardSpec = { name: "fuzz", cores: [{}, {}, {}, {}], pci: [] };

export const SCENARIO: ScenarioSpec = {
  name: "shared",
  board: "fuzz",
  vms: [
    { kind: "service", cpus: [] },
    { kind: "post-rt", name: VM, cpus: [2, 3] },
    { kind: "post", name: "POST_STD_VM2", cpus: [0, 1, 3] },
  ],
};

const SCENARIOS: ScenarioSpec[] = [
  SCENARIO,
  { ...SCENARIO, eol: "\r\n", bom: true, comments: true, version: "3.0" },
  { ...SCENARIO, dialect: "2.x", version: "2.7", vms: [{ kind: "service", cpus: [0] }, ...SCENARIO.vms.slice(1)] },
];

/** Hosts as they are, with one claim, and with the claims of two stacks. */
export const machines = once((): Files[] =>
  SCENARIOS.flatMap((scenario, at) => {
    const acrnVersion = scenario.version ?? "3.3";
    const host = new MemoryHost({ board: BOARD, scenario, acrnVersion, ...identity(`fuzz ${at}`) });
    const seen = [filesOf(host)];
    claim(host, "dev", { vms: { [VM]: [3] }, neighbours: "evict" });
    seen.push(filesOf(host));
    claim(host, "prod", { vms: { [VM]: [3], LATER: { cores: 1 } }, neighbours: "evict" });
    return [...seen, filesOf(host)];
  }),
);

export const ledgers = once(() => machines().flatMap((files) => files[LEDGER_PATH] ?? []));

function claim(host: MemoryHost, stack: string, args: CorePartitionArgs): void {
  // The numbers in the scripts would refuse every move.
  for (const path of host.files.keys()) if (path.endsWith(".sh")) host.files.delete(path);
  const who = { stack, kind: corePartitionKind.type, urns: [`urn:${stack}::part`] };
  const planned = planResource(host.draft(), corePartitionKind, who, args, `id-${stack}`);
  if (planned.refusals.length > 0) throw new Error(planned.refusals.map(({ message }) => message).join("\n"));
  host.apply(planned);
}

function filesOf(host: MemoryHost): Files {
  return Object.fromEntries(host.files);
}
