import { at, rootOf } from "../xml";
import type { ClosTable } from "./table";

/** The table as ACRN's allocator writes it into configs/allocation.xml [static_allocators/clos.py: clos_mask, vm/clos/vcpu_clos]. */
export function allocationXml(table: ClosTable, more: Readonly<Record<string, readonly string[]>> = {}): string {
  const list = (id: string, masks: readonly string[]): string[] => [
    `    <clos_mask id="${id}">`,
    ...masks.map((mask) => `      <clos>${mask}</clos>`),
    "    </clos_mask>",
  ];
  const vm = ([id, clos]: [string, readonly number[]]): string[] => [
    `  <vm id="${id}">`,
    ...(more[id] ?? []).map((line) => `    ${line}`),
    "    <clos>",
    ...clos.map((index) => `      <vcpu_clos>${index}</vcpu_clos>`),
    "    </clos>",
    "  </vm>",
  ];
  const lines = [
    "<acrn-config>",
    "  <hv>",
    ...list("l3", table.l3),
    ...Object.entries(table.l2).flatMap(([id, masks]) => list(id, masks)),
    "  </hv>",
    ...Object.entries(table.vcpus).flatMap(vm),
    "</acrn-config>",
  ];
  return `${lines.join("\n")}\n`;
}

/** And back: what an image was compiled with. */
export function readAllocation(text: string, cdp: boolean): ClosTable | undefined {
  const root = rootOf(text);
  if (!root) return undefined;
  const lists = at(root, "hv/clos_mask").map((list): [string, string[]] => [
    list.attributes.id ?? "",
    at(list, "clos").map((mask) => mask.text.trim()),
  ]);
  return {
    cdp,
    l3: lists.find(([id]) => id === "l3")?.[1] ?? [],
    l2: Object.fromEntries(lists.filter(([id]) => id !== "l3")),
    vcpus: Object.fromEntries(
      at(root, "vm").map((vm) => [vm.attributes.id ?? "", at(vm, "clos/vcpu_clos").map((id) => Number(id.text))]),
    ),
  };
}
