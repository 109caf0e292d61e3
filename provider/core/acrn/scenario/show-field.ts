import { isRecord } from "../../claims/same";
import type { FieldValue } from "../../claims/types";
import { formatCpuList, MAX_CPU_ID } from "../../hardware/cpu-set";
import { isRegion, showRegion } from "./show-region";

/** A value of a scenario's field for people: `2-3`, `y`, `RTVM with id 4`, `block ./rt.img; network RT`. */
export function showField(value: FieldValue): string {
  if (typeof value === "boolean") return value ? "y" : "n";
  if (isRegion(value)) return showRegion(value);
  if (Array.isArray(value)) return showList(value);
  if (isRecord(value) && "load" in value)
    return `${value.load} ${value.realtime ? "RTVM" : "VM"} with id ${String(value.id)}`;
  return typeof value === "string" ? value : JSON.stringify(value);
}

function showList(list: readonly FieldValue[]): string {
  if (list.length === 0) return "none";
  if (list.every(isCpuId)) return ascending(list) ? formatCpuList(list) : list.join();
  return list.map((each) => (isRecord(each) ? showDevice(each) : showField(each))).join("; ");
}

function isCpuId(value: FieldValue): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_CPU_ID;
}

/** CPU lists are; a list of classes of service by vCPU need not be, and its repetitions count. */
function ascending(list: readonly number[]): boolean {
  return list.every((each, at) => at === 0 || each > (list[at - 1] as number));
}

function showDevice({ kind, ...rest }: Record<string, unknown>): string {
  const words = Object.values(rest).map((each) => (typeof each === "object" ? JSON.stringify(each) : String(each)));
  return [kind, ...words].join(" ");
}
