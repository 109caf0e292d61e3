import assert from "node:assert/strict";
import { serviceCpus } from "../../../../provider/core/acrn/power/service-cpus";
import type { Topology } from "../../../../provider/core/hardware/types";
import type { Snapshot } from "../../../../provider/core/snapshot";

/** pCPU n has the APIC id 8n; the last one's is not told. */
const topology = {
  pcpus: [0, 1, 2, 3].map((id) => ({ id, type: "P", ...(id < 3 ? { apicId: 8 * id } : {}) })),
} as unknown as Topology;

const cpuinfo = (apicIds: readonly number[]): string =>
  apicIds
    .map((apic, cpu) => `processor\t: ${cpu}\nmodel name\t: x: y\napicid\t\t: ${apic}\ninitial apicid\t: 99\n\n`)
    .join("");

function found(pcpus: number[], text: string | undefined): number[] | undefined {
  const texts = new Map(text === undefined ? [] : [["proc/cpuinfo", text]]);
  const snapshot: Snapshot = { identity: {}, kind: "live", files: new Map(), texts, commands: new Set(), warnings: [] };
  return serviceCpus(snapshot, topology, pcpus);
}

describe("the Service VM's numbers of pCPUs: by APIC id (reference 1.5)", () => {
  const ROWS: [what: string, pcpus: number[], text: string | undefined, expected: number[] | undefined][] = [
    ["the same numbers", [1, 2], cpuinfo([0, 8, 16]), [1, 2]],
    ["a pre-launched VM has pCPU 0: the Service VM counts its own", [1, 2], cpuinfo([8, 16]), [0, 1]],
    ["in the order that is asked", [2, 0], cpuinfo([0, 8, 16]), [2, 0]],
    ["one that was handed over is not there", [1, 2], cpuinfo([0, 8]), undefined],
    ["one whose APIC id the board does not tell", [3], cpuinfo([0, 8, 16]), undefined],
    ["one that the board does not have", [9], cpuinfo([0, 8, 16]), undefined],
    ["nothing to read", [1], undefined, undefined],
    ["nothing asked", [], cpuinfo([0]), []],
  ];
  for (const [what, pcpus, text, expected] of ROWS) it(what, () => assert.deepEqual(found(pcpus, text), expected));
});
