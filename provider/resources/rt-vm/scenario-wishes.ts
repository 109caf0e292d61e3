import type { RtVmWish } from "../../core/acrn/rt-vm/wish";
import { freeVmId, readScenario } from "../../core/acrn/scenario";
import { virtioValue } from "../../core/acrn/scenario/virtio-value";
import { affinityId, scenarioSurface, vmFieldId, vmId } from "../../core/acrn/scenario-surface";
import type { Scenario } from "../../core/acrn/types";
import { type FieldValue, splitField, type Wish } from "../../core/claims/types";
import type { View } from "../kind";
import { scenarioSource } from "../scenario-source";
import type { RtVmArgs } from "./schema";

export interface ScenarioPart {
  wishes: Wish[];
  scenario: Scenario;
  /** The scenario with this resource's wishes on it. */
  after: string;
  file: string;
  /** The VM's id, that it has or gets. */
  id: number;
  inserted: boolean;
}

/** What an RtVm wants of its `<vm>`: of one that is there only what is declared, and one that is not there whole. */
export function scenarioPart(view: View, args: RtVmArgs, wish: RtVmWish): ScenarioPart {
  const { text, file } = scenarioSource(view.documents);
  const scenario = readScenario(text, file);
  const found = scenario.vms.find(({ key }) => key === args.name);
  const id = found?.id ?? insertedId(view, args.name, text, file);
  const wishes: Wish[] = [
    ...(found ? [] : [{ field: vmId(args.name), value: { id, load: "post-launched", realtime: true } }]),
    ...fieldsOf(view, args, wish, scenario),
  ];
  const after = wishes.reduce((now, { field, value }) => put(now, file, field, value), text);
  return { wishes, scenario, after, file, id, inserted: found === undefined };
}

/** In ACRN 2.x memory and devices stand in launch files, which no target keeps: there the launch script alone has them. */
function fieldsOf(view: View, args: RtVmArgs, wish: RtVmWish, { dialect }: Scenario): Wish[] {
  const field = (name: Parameters<typeof vmFieldId>[1]) => vmFieldId(args.name, name);
  const both: Wish[] = [
    { field: affinityId(args.name), value: [...wish.pcpus] },
    { field: field("vm_type"), value: true },
    { field: field("lapic_passthrough"), value: args.lapicPassthrough },
  ];
  if (dialect === "2.x") return both;
  return [
    ...both,
    ...(wish.memoryMb === undefined ? [] : [{ field: field("memory"), value: wish.memoryMb }]),
    ...(args.loader === undefined ? [] : [{ field: field("vbootloader"), value: !isKernel(args.loader) }]),
    ...(wish.passthrough ? [{ field: field("pci_devs"), value: descriptions(view, wish) }] : []),
    ...(wish.virtio ? [{ field: field("virtio_devices"), value: virtioValue(wish.virtio) as FieldValue }] : []),
  ];
}

function isKernel(loader: RtVmArgs["loader"]): boolean {
  return typeof loader === "object" && "kernel" in loader;
}

/** Scenario files repeat the board's whole description; ACRN compares whole texts (reference 2). */
function descriptions(view: View, { passthrough = [] }: RtVmWish): string[] {
  const { pci } = view.topology();
  return passthrough.map(({ bdf }) => pci.find((device) => device.bdf === bdf)?.description ?? bdf);
}

/** Stays what it was, as long as no other VM has taken it. */
function insertedId(view: View, vm: string, text: string, file: string): number {
  const former = view.former.get(vmId(vm)) as { id?: number } | undefined;
  const taken = readScenario(text, file).vms.map(({ id }) => id);
  return former?.id !== undefined && !taken.includes(former.id) ? former.id : freeVmId(text, file);
}

function put(text: string, file: string, field: string, value: Wish["value"]): string {
  const key = splitField(field)[1];
  return scenarioSurface.read(text, file, key).kind === "no-place"
    ? text
    : scenarioSurface.write(text, file, key, value);
}
