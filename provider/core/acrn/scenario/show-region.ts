import { formatCpuList } from "../../hardware/cpu-set";
import { type AllocationValue, takesRegion } from "./cache-region-value";

export function isRegion(value: unknown): value is readonly AllocationValue[] {
  return Array.isArray(value) && value.length > 0 && takesRegion(value);
}

/** `L3 0x0: RT 0-1 0xff0, SVM 0-3 0xf; L2 0x1: RT 0 0xff`: vCPUs of a VM with one mask together, in their order. */
export function showRegion(allocations: readonly AllocationValue[]): string {
  return allocations.map((each) => `L${each.level} ${each.id}: ${groups(each).join(", ")}`).join("; ");
}

function groups({ policies }: AllocationValue): string[] {
  const by = new Map<string, { vm: string; what: string; vcpus: string[] }>();
  for (const { vm, vcpu, type, mask } of policies) {
    const what = type === "Unified" ? mask : `${mask} ${type}`;
    const key = JSON.stringify([vm, what]);
    const group = by.get(key) ?? { vm, what, vcpus: [] };
    group.vcpus.push(vcpu);
    by.set(key, group);
  }
  return [...by.values()].map(({ vm, what, vcpus }) => `${vm} ${cpus(vcpus)} ${what}`);
}

function cpus(texts: readonly string[]): string {
  return texts.every((text) => /^\d{1,3}$/.test(text)) ? formatCpuList(texts.map(Number)) : texts.join();
}
