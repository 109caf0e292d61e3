import assert from "node:assert/strict";
import { readBoard } from "../../provider/core/acrn/board";
import { launchArguments } from "../../provider/core/acrn/launch-script/arguments";
import { readScenario } from "../../provider/core/acrn/scenario";
import { readVmConfig, type VmConfigFromScenario } from "../../provider/core/acrn/scenario/vm-config";
import { SOURCE_PATH } from "../../provider/core/acrn/scenario-document";
import { assertLegal } from "../core/acrn/scenario/legal";
import type { MemoryHost } from "../support/memory-host";
import { assertSaid, type Declared, megabytes, saidBy } from "./rt-vm.said";
import type { RtVmWords } from "./rt-vm.world";

/** One program on one host, and what the rest of the host says of it. */
export interface Written {
  memory: MemoryHost;
  rt: RtVmWords;
  dialect: "2.x" | "3.x";
  pcpus: readonly number[];
  /** Where the launch script is declared to lie, and how. */
  path: string;
  edited: boolean;
  /** The scenario that the booted image was built from. */
  record: string;
}

/** What lies on the machine now, against the declaration and against the image that runs. Returns the script that says it all. */
export function assertWritten(written: Written): { script: string; declared: Declared } {
  const { memory, rt, dialect, pcpus, path, edited, record } = written;
  const board = readBoard(boardText(memory), "b.xml");
  const text = memory.files.get(SOURCE_PATH) ?? record;
  assertLegal(text, record);
  assertScenario(readVmConfig(text, "s.xml", rt.name, board.pci), rt, pcpus);
  const apic = (id: number) => board.pcpus.find((each) => each.id === id)?.apicId ?? -1;
  const named = (ids: readonly number[]) => (dialect === "2.x" ? [...ids] : ids.map(apic));
  const waits = assertWaits(written, named);
  const next = `/var/lib/pulumi-acrn/images/next/${rt.name}`;
  const script = memory.files.get(waits ? `${next}${edited ? ".edited" : ""}.sh` : path) as string;
  const declared: Declared = { rt, dialect, cpus: named(pcpus), owned: edited ? undefined : path };
  assertSaid(saidBy(launchArguments(script, path)), declared);
  const entry = memory.files.get(`/usr/share/acrn/conf/add/${rt.name}.sh`);
  if (rt.autostart !== undefined) assert.equal(entry !== undefined, rt.autostart);
  return { script, declared };
}

/** What the booted image would refuse waits, and nothing else does. */
function assertWaits(
  { memory, rt, pcpus, path, edited, record }: Written,
  named: (ids: readonly number[]) => number[],
): boolean {
  const built = readScenario(record, "s.xml").vms.find(({ key }) => key === rt.name)?.affinity;
  const waits = !built || !pcpus.every((id) => built.includes(id));
  assert.equal(memory.files.has(`/var/lib/pulumi-acrn/images/next/${rt.name}.sh`), waits, "waits");
  const now = memory.files.get(path);
  assert.equal(now !== undefined, edited || built !== undefined, "nothing that the image would run on any pCPU");
  if (now === undefined || !built) return waits;
  const asked = saidBy(launchArguments(now, path)).options.find(({ name }) => name === "--cpu_affinity")?.value;
  const outside = String(asked ?? "")
    .split(",")
    .filter((id) => asked !== undefined && !named(built).includes(Number(id)));
  assert.deepEqual(outside, [], "the canonical script asks for nothing that the booted image does not have");
  return waits;
}

/** Read back from the file (2.x keeps but three things there). */
function assertScenario(vm: VmConfigFromScenario, rt: RtVmWords, pcpus: readonly number[]): void {
  assert.deepEqual([vm.pcpus, vm.realtime, vm.lapicPassthrough], [[...pcpus].sort((a, b) => a - b), true, true]);
  if (vm.dialect === "2.x") return;
  if (rt.memory !== undefined) assert.equal(vm.memoryMb, megabytes(rt.memory));
  if (rt.loader !== undefined)
    assert.equal(vm.loader?.how, JSON.stringify(rt.loader).includes("kernel") ? "none" : "ovmf");
  if (rt.passthrough)
    assert.deepEqual(
      vm.passthrough.map(({ bdf }) => bdf),
      rt.passthrough,
    );
  if (!rt.virtio) return;
  const { block = [], network = [], console = [], vsock } = rt.virtio as Record<string, never[]>;
  const kinds = {
    block: block.length,
    network: network.length,
    console: console.length,
    vsock: vsock === undefined ? 0 : 1,
  };
  for (const [kind, count] of Object.entries(kinds))
    assert.equal(vm.devices.filter((each) => each.kind === kind).length, count, kind);
}

/** The board file and the record where they really lie. */
export const boardText = (memory: MemoryHost): string => textAt(memory, /[/]board[.]xml$/);
export const recordText = (memory: MemoryHost): string => textAt(memory, /^[/]usr[/].*[/]scenario[.]xml$/);

function textAt({ files }: MemoryHost, path: RegExp): string {
  return [...files].find(([each]) => path.test(each))?.[1] as string;
}
