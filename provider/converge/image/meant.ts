import { allocate } from "../../core/acrn/clos/allocator";
import { closVms } from "../../core/acrn/clos/layout";
import { readClosSettings } from "../../core/acrn/clos/read";
import type { MeantConfigs } from "../../core/acrn/image/configs";
import { readScenario } from "../../core/acrn/scenario";
import type { Topology } from "../../core/hardware/types";

/** What a build of this scenario has to give each vCPU, as our own model of ACRN's allocator has it: to be compared with what the build generated. */
export function meantBy({ text, file }: { text: string; file: string }, topology: Topology): MeantConfigs {
  const settings = readClosSettings(text, file);
  const vms = closVms(text, file, topology);
  const ids = new Map(readScenario(text, file).vms.map(({ key, id }) => [key, id]));
  const allocated = settings.dialect === "3.x" && settings.rdt ? allocate(settings, vms, topology) : undefined;
  const l2 = settings.allocations.filter(({ level }) => level === 2).map(({ id }) => id);
  const masks = allocated && {
    l3: [...(allocated.masksOf(3, "") ?? [])],
    ...Object.fromEntries(l2.map((id) => [id, [...(allocated.masksOf(2, id) ?? [])]])),
  };
  return {
    vms: vms.map((vm) => ({
      id: ids.get(vm.key) ?? -1,
      name: vm.key,
      pcpus: vm.pcpus,
      ...(vm.load === "service" ? { service: true } : {}),
      ...(allocated ? { clos: allocated.closOf(vm.key) } : {}),
    })),
    ...(masks ? { masks } : {}),
  };
}
