import type { XmlElement } from "@rgrove/parse-xml";
import { at, textOf } from "../xml";
import type { CatCache, ClosTable } from "./table";

/** One class on its way: a mask by L2 slot and one for L3; undefined: it says nothing of that cache. */
interface Entry {
  l2: (string | undefined)[];
  l3: string | undefined;
}

/** One owner's wish: its classes (with CDP data and code), and whom they are for. */
interface Owned {
  entries: Entry[];
  owners: string[];
  vcat: boolean;
}

interface Policy {
  vm: string;
  vcpu: number;
  type: string;
  level: string;
  cache: string;
  mask: string;
}

/**
 * What ACRN 3.x makes of POLICY elements [misc/config_tools: library/rdt.py, static_allocators/clos.py], written here from the description in
 * docs and not with the product's model, so that one can contradict the other.
 */
export function allocate(root: XmlElement, caches: readonly CatCache[]): ClosTable {
  const policies = at(root, "hv/CACHE_REGION/CACHE_ALLOCATION").flatMap((cache) =>
    at(cache, "POLICY").map((policy) => ({
      vm: textOf(policy, "VM"),
      vcpu: Number(textOf(policy, "VCPU")),
      type: textOf(policy, "TYPE"),
      level: textOf(cache, "CACHE_LEVEL"),
      cache: textOf(cache, "CACHE_ID"),
      mask: textOf(policy, "CLOS_MASK"),
    })),
  );
  const allocations = at(root, "hv/CACHE_REGION/CACHE_ALLOCATION");
  const slots = allocations.filter((one) => textOf(one, "CACHE_LEVEL") === "2").map((one) => textOf(one, "CACHE_ID"));
  const cdp = textOf(root, "hv/FEATURES/RDT/CDP_ENABLED") === "y";
  const merged = merge(wishes(policies, slots.sort(), cdp, vcatNames(root)));
  const flat = merged.flatMap(({ entries }) => entries);
  const full = (level: 2 | 3, id?: string): string => {
    const length = caches.find((cache) => cache.level === level && (id === undefined || cache.id === id))?.length;
    return length === undefined ? "0xffff" : `0x${((1n << BigInt(length)) - 1n).toString(16)}`;
  };
  return {
    cdp,
    l3: flat.map(({ l3 }) => l3 ?? full(3)),
    l2: Object.fromEntries(slots.map((id, slot) => [id, flat.map(({ l2 }) => l2[slot] ?? full(2, id))])),
    vcpus: Object.fromEntries(
      at(root, "vm").map((vm) => {
        const name = textOf(vm, "name");
        const mine = [...new Set(policies.filter((policy) => policy.vm === name).map(({ vcpu }) => vcpu))];
        const indexOf = (vcpu: number) => merged.findIndex(({ owners }) => owners.includes(`${name}/${vcpu}`));
        return [vm.attributes.id ?? "", mine.sort((a, b) => a - b).map((vcpu) => Math.max(indexOf(vcpu), 0))];
      }),
    ),
  };
}

/** A wish for each POLICY, in the document's order; of several masks of one owner for a level the last counts. */
function wishes(policies: readonly Policy[], slots: readonly string[], cdp: boolean, vcat: readonly string[]): Owned[] {
  return policies.flatMap(({ vm, vcpu, type }) => {
    const same = policies.filter((other) => other.vm === vm && other.vcpu === vcpu);
    const owners = [`${vm}/${vcpu}`];
    if (!cdp)
      return [{ owners: type === "Unified" ? owners : [], vcat: vcat.includes(vm), entries: [entryOf(same, slots)] }];
    if (type !== "Data") return [];
    const of = (wanted: string) =>
      entryOf(
        same.filter((other) => other.type === wanted),
        slots,
      );
    return [{ owners, vcat: false, entries: [of("Data"), of("Code")] }];
  });
}

function entryOf(policies: readonly Policy[], slots: readonly string[]): Entry {
  const l2 = policies.filter(({ level }) => level === "2").at(-1);
  const l3 = policies.filter(({ level }) => level !== "2").at(-1);
  return { l2: slots.map((id) => (l2?.cache === id ? l2.mask : undefined)), l3: l3?.mask };
}

/** First fit. L2 masks that are missing are taken over, an L3 mask that is missing is not. */
function merge(wanted: readonly Owned[]): Owned[] {
  const made: Owned[] = [];
  for (const wish of wanted) {
    const home = made.find((one) => !one.vcat && one.entries.every((entry, index) => fits(entry, wish.entries[index])));
    if (!home) {
      made.push(wish);
      continue;
    }
    home.owners.push(...wish.owners);
    home.entries.forEach((entry, index) => {
      entry.l2 = entry.l2.map((mask, slot) => mask ?? wish.entries[index]?.l2[slot]);
    });
  }
  return made;
}

const agree = (a: string | undefined, b: string | undefined): boolean => a === undefined || b === undefined || a === b;

const fits = (one: Entry, other: Entry | undefined): boolean =>
  other !== undefined && agree(one.l3, other.l3) && one.l2.every((mask, slot) => agree(mask, other.l2[slot]));

function vcatNames(root: XmlElement): string[] {
  if (textOf(root, "hv/FEATURES/RDT/VCAT_ENABLED") !== "y") return [];
  return at(root, "vm")
    .filter((vm) => textOf(vm, "virtual_cat_support") === "y")
    .map((vm) => textOf(vm, "name"));
}

/** 2.x: written by hand, the i-th mask for CLOS i on every cache, `vcpu_clos` for each vCPU [reference 2.2]. */
export function written(root: XmlElement, caches: readonly CatCache[]): ClosTable {
  const masks = at(root, "hv/FEATURES/RDT/CLOS_MASK").map((mask) => mask.text.trim());
  return {
    cdp: textOf(root, "hv/FEATURES/RDT/CDP_ENABLED") === "y",
    l3: masks,
    l2: Object.fromEntries(caches.filter(({ level }) => level === 2).map(({ id }) => [id, masks])),
    vcpus: Object.fromEntries(
      at(root, "vm").map((vm) => [vm.attributes.id ?? "", at(vm, "clos/vcpu_clos").map((id) => Number(id.text))]),
    ),
  };
}
