import { isRecord } from "../../claims/same";
import type { FieldValue } from "../../claims/types";
import { child, childrenNamed, trimSpace, type XmlElement, type XmlSpec } from "../../xml";

/** One POLICY, with its texts as they stand: ACRN compares them with their white space. */
export interface PolicyValue {
  vm: string;
  vcpu: string;
  type: string;
  mask: string;
}

export interface AllocationValue {
  /** 0 where the file has no number. */
  level: number;
  id: string;
  policies: readonly PolicyValue[];
}

/** Elements of a POLICY in the order of the schema, which is a sequence [3.4-dev schema/types.xsd]. */
const PARTS = [
  ["vm", "VM"],
  ["vcpu", "VCPU"],
  ["type", "TYPE"],
  ["mask", "CLOS_MASK"],
] as const;

export function policyOf(at: XmlElement): PolicyValue {
  const text = (name: string) => child(at, name)?.value ?? "";
  return { vm: text("VM"), vcpu: text("VCPU"), type: text("TYPE"), mask: text("CLOS_MASK") };
}

export function allocationOf(at: XmlElement): AllocationValue {
  const level = trimSpace(child(at, "CACHE_LEVEL")?.value ?? "");
  return {
    level: /^\d{1,2}$/.test(level) ? Number(level) : 0,
    id: child(at, "CACHE_ID")?.value ?? "",
    policies: childrenNamed(at, "POLICY").map(policyOf),
  };
}

export function valueOfRegion(region: XmlElement): FieldValue {
  return childrenNamed(region, "CACHE_ALLOCATION").map(allocationOf) as unknown as FieldValue;
}

export function policySpec(policy: PolicyValue): XmlSpec {
  return { name: "POLICY", children: PARTS.map(([key, name]) => ({ name, text: policy[key] })) };
}

export function allocationSpec({ level, id, policies }: AllocationValue): XmlSpec {
  const head = [
    { name: "CACHE_ID", text: id },
    { name: "CACHE_LEVEL", text: String(level) },
  ];
  return { name: "CACHE_ALLOCATION", children: [...head, ...policies.map(policySpec)] };
}

export function regionSpec(value: FieldValue): XmlSpec {
  return { name: "CACHE_REGION", children: asRegion(value).map(allocationSpec) };
}

export function asRegion(value: FieldValue): readonly AllocationValue[] {
  return value as unknown as readonly AllocationValue[];
}

/** Of a ledger, so of anybody. */
export function takesRegion(value: unknown): boolean {
  return Array.isArray(value) && value.every(isAllocation);
}

function isAllocation(x: unknown): boolean {
  if (!isRecord(x) || typeof x.id !== "string" || !Array.isArray(x.policies)) return false;
  const level = Number.isInteger(x.level) && (x.level as number) >= 0 && (x.level as number) < 100;
  return level && x.policies.every((each) => isRecord(each) && PARTS.every(([key]) => typeof each[key] === "string"));
}
