import type { FieldValue, Surface } from "../claims/types";
import { AcrnError } from "../errors";
import { MAX_CPU_ID } from "../hardware/cpu-set";
import { flatten, isElement, parseXml, sameFields } from "../xml";
import { affinityField, type VmFieldName, vmField, vmFields } from "./scenario";
import { CACHE_REGION, cacheRegionField } from "./scenario/cache-region";
import { hvField, hvTakes } from "./scenario/hv-field";
import { HV_LEAVES } from "./scenario/hv-leaves";
import { showField } from "./scenario/show-field";

/** `vm[<key>]/<field>`, or `vm[<key>]` for the VM itself; the key is the VM's name, in which 2.x allows anything, or `#<id>` where it has none. */
const VM_FIELD = /^vm\[([\s\S]*)\](?:\/(\w+))?$/;

/** Field id of a VM itself: `scenario vm[POST_RT_VM1]`. As text it comes before those of its parts. */
export function vmId(vm: string): string {
  return `scenario vm[${vm}]`;
}

/** Field id of a part of a VM: `scenario vm[POST_RT_VM1]/memory`. */
export function vmFieldId(vm: string, field: VmFieldName): string {
  return `${vmId(vm)}/${field}`;
}

/** Field id of a VM's pCPUs: `scenario vm[POST_RT_VM1]/cpu_affinity`. */
export function affinityId(vm: string): string {
  return vmFieldId(vm, "cpu_affinity");
}

/** The VM of a field id, and which part of it; undefined when it is another field. */
export function vmOfField(id: string): { vm: string; field: string | undefined } | undefined {
  const match = id.startsWith("scenario ") ? VM_FIELD.exec(id.slice("scenario ".length)) : null;
  return match ? { vm: match[1] as string, field: match[2] } : undefined;
}

/** The VM of a field id, or undefined when it is another field. */
export function vmOfAffinity(id: string): string | undefined {
  const found = vmOfField(id);
  return found?.field === "cpu_affinity" ? found.vm : undefined;
}

/** Field id of a leaf below `<hv>`, by its path from the root: `scenario hv/FEATURES/RDT/RDT_ENABLED`. */
export function hvId(path: string): string {
  return `scenario ${path}`;
}

/** The path of a field id below `<hv>`; undefined when it is another field. */
export function hvOfField(id: string): string | undefined {
  return id.startsWith("scenario hv/") ? id.slice("scenario ".length) : undefined;
}

/** Scenario files as claims see them. A new kind of field is a row of `vmFields`, of `HV_LEAVES`, or of `hvKinds`. */
export const scenarioSurface: Surface = {
  read: (text, file, key) => kindOf(key).read(text, file, placeOf(key)),
  write: (text, file, key, value) => kindOf(key).write(text, file, placeOf(key), value),
  restore: (text, file, key, raw) => kindOf(key).restore(text, file, placeOf(key), raw),
  apart: {
    has: (key) => VM_FIELD.exec(key)?.[2] === "cpu_affinity",
    write: (text, file, values) =>
      affinityField.writeAll(
        text,
        file,
        values.map(([key, value]) => [placeOf(key), value as number[]]),
      ),
  },
  takes: (key, value, raw) => known(key)?.takes(value, raw) ?? true,
  sameFields: (a, b, file) => a === b || sameFields(parseXml(a, file), parseXml(b, file)),
  show: showField,
};

/** The place is the VM's key, or a path below `hv`. */
interface FieldKind {
  read: Surface["read"];
  write: Surface["write"];
  restore: Surface["restore"];
  takes(value: FieldValue, raw?: string): boolean;
}

/** The word of the VM itself, which no element can have. */
const VM = "";

/** A map, because the words come from a ledger. */
const kinds: ReadonlyMap<string, FieldKind> = new Map<string, FieldKind>([
  ...vmFields,
  [VM, vmField],
  [
    "cpu_affinity",
    {
      read: affinityField.read,
      write: (text, file, vm, value) => affinityField.write(text, file, vm, value as number[]),
      restore: affinityField.restore,
      takes: (value, raw) => isCpuList(value) && (raw === undefined || isElement(raw, "cpu_affinity")),
    },
  ],
]);

/** Fields below `<hv>`, by their path. */
const hvKinds: ReadonlyMap<string, FieldKind> = new Map<string, FieldKind>([
  ...[...HV_LEAVES.keys()].map((path): [string, FieldKind] => [
    path,
    { ...hvField, takes: (value, raw) => hvTakes(path, value, raw) },
  ]),
  [CACHE_REGION, cacheRegionField],
]);

/** Undefined for a key of another shape or with another word. */
function known(key: string): FieldKind | undefined {
  if (key.startsWith("hv/")) return hvKinds.get(key);
  const match = VM_FIELD.exec(key);
  return match ? kinds.get(match[2] ?? VM) : undefined;
}

function kindOf(key: string): FieldKind {
  const kind = known(key);
  if (!kind)
    throw new AcrnError("field.unknown", `a claim is on ${key}, a field that this version does not know`, {
      hint: "A newer pulumi-acrn made it; use one at least as new (npm install pulumi-acrn@latest).",
    });
  return kind;
}

function placeOf(key: string): string {
  return VM_FIELD.exec(key)?.[1] ?? key;
}

function isCpuList(value: FieldValue): value is number[] {
  return Array.isArray(value) && value.every((v) => Number.isInteger(v) && v >= 0 && v <= MAX_CPU_ID);
}

/** Leaves that differ in all three texts, for the message of a three-way conflict (claims/follow.ts). */
export function scenarioConflicts(base: string, mine: string, theirs: string): string[] {
  const [b, m, t] = [base, mine, theirs].map((text) => flatten(parseXml(text, "scenario.xml"))) as Leaves;
  const all = new Set([...b.keys(), ...m.keys(), ...t.keys()]);
  return [...all].filter((k) => m.get(k) !== b.get(k) && t.get(k) !== b.get(k) && m.get(k) !== t.get(k)).sort();
}

type Leaves = [Map<string, string>, Map<string, string>, Map<string, string>];
