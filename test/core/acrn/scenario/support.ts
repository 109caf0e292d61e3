import { existsSync, readFileSync } from "node:fs";
import { optional } from "../../../support/needs";

const DATA = "../shared/acrn-data";

/** ACRN's own scenarios with what they say: `id:name:load:flags:pcpus`; read off with Python's ElementTree, not with this reader. */
export const REAL: Record<string, { dialect: "2.x" | "3.x"; vms: string[] }> = {
  "v2.5/nuc11tnbi5/industry.xml": { dialect: "2.x", vms: industry("rt lapic") },
  "v2.5/whl-ipc-i5/hybrid.xml": {
    dialect: "2.x",
    vms: ["ACRN PRE-LAUNCHED VM0 pre 3", "ACRN SOS VM service 0,1,2", "#2 post 2"],
  },
  "v2.5/whl-ipc-i5/hybrid_rt.xml": {
    dialect: "2.x",
    vms: ["ACRN PRE-LAUNCHED VM0 pre rt lapic 2,3", "ACRN SOS VM service 0,1", "#2 post 0,1", "#3 post 1"],
  },
  "v2.5/whl-ipc-i5/industry.xml": { dialect: "2.x", vms: industry("rt") },
  "v2.5/whl-ipc-i5/logical_partition.xml": {
    dialect: "2.x",
    vms: ["ACRN PRE-LAUNCHED VM0 pre 0,2", "ACRN PRE-LAUNCHED VM1 pre 1,3"],
  },
  "v2.5/whl-ipc-i5/sdc.xml": { dialect: "2.x", vms: ["ACRN SOS VM service -", "#1 post 1,2", "#2 post 3"] },
  "v3.4-dev/generic_board/hybrid.xml": { dialect: "3.x", vms: hybrid() },
  "v3.4-dev/generic_board/partitioned.xml": { dialect: "3.x", vms: partitioned() },
  "v3.4-dev/generic_board/shared.xml": { dialect: "3.x", vms: shared(1) },
  "v3.4-dev/nuc11tnbi5/hybrid.xml": { dialect: "3.x", vms: hybrid() },
  "v3.4-dev/nuc11tnbi5/partitioned.xml": { dialect: "3.x", vms: partitioned() },
  "v3.4-dev/nuc11tnbi5/shared.xml": { dialect: "3.x", vms: shared(5) },
  "v3.4-dev/qemu/shared.xml": { dialect: "3.x", vms: ["ACRN_Service_VM service -", "POST_STD_VM1 post 1"] },
  "v3.4-dev/tgl-vecow-spc-7100-Corei7/hybrid.xml": { dialect: "3.x", vms: hybrid() },
  "v3.4-dev/tgl-vecow-spc-7100-Corei7/partitioned.xml": { dialect: "3.x", vms: partitioned() },
  "v3.4-dev/tgl-vecow-spc-7100-Corei7/shared.xml": { dialect: "3.x", vms: shared(1) },
  "v3.4-dev/whl-ipc-i5/hybrid.xml": { dialect: "3.x", vms: hybrid() },
  "v3.4-dev/whl-ipc-i5/hybrid_rt.xml": {
    dialect: "3.x",
    vms: ["PRE_RT_VM0 pre rt lapic 2,3", "ACRN_Service_VM service -", "POST_STD_VM1 post 0,1", "POST_STD_VM2 post 1"],
  },
  "v3.4-dev/whl-ipc-i5/partitioned.xml": { dialect: "3.x", vms: partitioned() },
  "v3.4-dev/whl-ipc-i5/shared.xml": { dialect: "3.x", vms: shared(5) },
};

function industry(flags: string): string[] {
  const post = (id: number) => `#${id} post 0,1`;
  return ["ACRN SOS VM service -", post(1), `#2 post ${flags} 2,3`, post(3), post(4), post(5), post(6), post(7)];
}

function hybrid(): string[] {
  return ["SAFETY_VM0 pre 3", "ACRN_Service_VM service -", "POST_STD_VM1 post 2", "POST_STD_VM2 post 2"];
}

function partitioned(): string[] {
  return ["PRE_STD_VM0 pre 0,2", "PRE_STD_VM1 pre 1,3"];
}

function shared(standard: number): string[] {
  const rest = Array.from({ length: standard - 1 }, (_, at) => `POST_STD_VM${at + 2} post 0,1`);
  return ["ACRN_Service_VM service -", "POST_STD_VM1 post 0,1", "POST_RT_VM1 post rt lapic 2,3", ...rest];
}

export function readReal(context: Mocha.Context, name: string): string {
  optional(context, existsSync(DATA), "no ../shared/acrn-data");
  return readFileSync(`${DATA}/${name}`, "utf8");
}
