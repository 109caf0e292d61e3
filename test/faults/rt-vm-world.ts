import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildBoard, buildScenario } from "../../examples/lab/builder";
import type { Draft } from "../../provider/converge/draft";
import { planResource } from "../../provider/converge/plan-resource";
import { rtVmKind } from "../../provider/resources/rt-vm";
import { temporary } from "../host/helpers";
import { type World, worldOf } from "./support/world";

/** What a person wrote for acrnd; an RtVm with autostart takes its place. */
const ENTRY = "#!/bin/bash\nacrn-dm -m 1G --cpu_affinity 2 --rtvm --lapic_pt RT\n";

const FILES = {
  "etc/machine-id": "0123456789abcdef0123456789abcdef\n",
  "usr/share/acrn/board.xml": buildBoard({ name: "b", pCores: 3, l3: false, pci: [] }),
  "usr/share/acrn/scenario.xml": buildScenario({
    name: "s",
    dialect: "3.x",
    board: "b",
    vms: [
      { kind: "service", cpus: [] },
      { kind: "post-rt", name: "RT", cpus: [1] },
    ],
  }),
  "usr/share/acrn/conf/add/RT.sh": ENTRY,
};

/** One RtVm: scenario source, script, autostart entry with its words, and the ledger change together. */
export async function rtVmWorld(): Promise<World> {
  const template = temporary();
  mkdirSync(join(template, "var/lib"), { recursive: true });
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(template, path)), { recursive: true });
    writeFileSync(join(template, path), text);
  }
  const world = await worldOf(template, plan);
  if (world.changes.length !== 5) throw new Error(`the transaction has ${world.changes.map(({ path }) => path)}`);
  return world;
}

function plan(draft: Draft) {
  const words = { name: "RT", memory: "2G", autostart: true, partition: { pcpus: { RT: [1] } } };
  const who = { stack: "s", kind: "RtVm", urns: ["urn:rt"] };
  return planResource(draft, rtVmKind, who, rtVmKind.schema.parse(words), "id1");
}
