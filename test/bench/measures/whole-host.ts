import { z } from "zod";
import type { Draft } from "../../../provider/converge/draft";
import { planResource } from "../../../provider/converge/plan-resource";
import { affinityId } from "../../../provider/core/acrn/scenario-surface";
import { cacheClosKind } from "../../../provider/resources/cache-clos";
import { corePartitionKind } from "../../../provider/resources/core-partition";
import { hypervisorFeaturesKind } from "../../../provider/resources/hypervisor-features";
import type { ResourceKind } from "../../../provider/resources/kind";
import { rtVmKind } from "../../../provider/resources/rt-vm";
import { MOVES, type Move } from "../hosts/tree";

/** What a program declares on a host of the bench: all that edits its scenario, five real-time VMs among it. */
const PARTITION = { vms: Object.fromEntries(MOVES.map(({ vm, to }) => [vm, [to]])), neighbours: "refuse" };
const PCPUS = Object.fromEntries(MOVES.map(({ vm, to }) => [vm, [to]]));
const CLASSES = {
  classes: { rt: { vms: Object.fromEntries(MOVES.map(({ vm }) => [vm, "all"])), l3: 4 } },
  partition: { pcpus: PCPUS, evicted: {} },
};

const DECLARED: readonly (readonly [string, ResourceKind<never>, unknown])[] = [
  ["cores", corePartitionKind, PARTITION],
  ["caches", cacheClosKind, CLASSES],
  ["features", hypervisorFeaturesKind, { splitLockDetection: true, partition: { pcpus: PCPUS, evicted: {} } }],
  ...MOVES.map(({ vm, to }) => {
    const partition = { pcpus: { [vm]: [to] }, apicIds: { [vm]: [2 * to] } };
    return [vm, rtVmKind, { name: vm, partition, memory: "1G" }] as const;
  }),
] as unknown as readonly (readonly [string, ResourceKind<never>, unknown])[];

/** How many resources {@link planHost} plans. */
export const RESOURCES = DECLARED.length;

/** One claim each, without a rule: the five resources of (b). */
const oneClaim: ResourceKind<Move> = {
  type: "OneField",
  schema: z.any(),
  onePerMachine: false,
  outputs: [],
  declare: (_view, { vm, to }) => {
    return { wishes: [{ field: affinityId(vm), value: [to] }], outputs: {}, warnings: [], refusals: [], reasons: [] };
  },
  pending: () => [],
  observe: () => ({}),
};

/** The five resources of (b), one after the other over the one draft. @throws Error where nothing is planned */
export function planClaims(draft: Draft): void {
  for (const move of MOVES) {
    const who = { stack: "organization/bench/bench", kind: oneClaim.type, urns: [`urn:bench::${move.vm}`] };
    const { plan } = planResource(draft, oneClaim, who, move);
    if (plan.edits.length !== 1) throw new Error(`${plan.edits.length} edits are planned, not 1`);
  }
}

/** Every resource of the host, one after the other over the one draft, as the checks of a preview do. @throws Error where one is refused: then nothing was measured */
export function planHost(draft: Draft): void {
  for (const [name, kind, given] of DECLARED) {
    const args = kind.schema.parse(given) as never;
    const who = { stack: "organization/bench/bench", kind: kind.type, urns: [`urn:bench::${name}`] };
    const { refusals } = planResource(draft, kind, who, args);
    if (refusals.length > 0) throw new Error(`${name}: ${refusals[0]?.message}`);
  }
}
