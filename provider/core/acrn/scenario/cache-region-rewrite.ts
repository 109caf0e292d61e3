import type { FieldValue } from "../../claims/types";
import { applyEdits } from "../../text/edits";
import { child, childrenNamed, find, setText, type XmlDoc, type XmlElement } from "../../xml";
import {
  type AllocationValue,
  allocationOf,
  allocationSpec,
  asRegion,
  type PolicyValue,
  policyOf,
  policySpec,
} from "./cache-region-value";
import { openScenario } from "./open";
import { rewriteList } from "./rewrite-list";

/**
 * The text with this region in the place of the one that is there: first the masks of policies that stay, then the list
 * of policies of each allocation that stays, then the list of allocations. Each step leaves what already says the same.
 */
export function rewriteRegion(text: string, file: string, value: FieldValue): string {
  const wanted = asRegion(value);
  let now = applyMasks(text, file, wanted);
  for (const each of wanted) now = policiesOf(now, file, each);
  const { doc, region } = opened(now, file);
  return rewriteList(
    doc,
    region,
    (at) => (at.name === "CACHE_ALLOCATION" ? key(allocationOf(at)) : undefined),
    wanted.map((each) => ({ key: key(each), spec: allocationSpec(each) })),
  );
}

function opened(text: string, file: string): { doc: XmlDoc; region: XmlElement } {
  const { doc } = openScenario(text, file);
  return { doc, region: find(doc.root, "hv/CACHE_REGION") as XmlElement };
}

function applyMasks(text: string, file: string, wanted: readonly AllocationValue[]): string {
  const { doc, region } = opened(text, file);
  const edits = wanted.flatMap((each) => {
    const at = allocationFor(region, each);
    const there = at ? childrenNamed(at, "POLICY") : [];
    return each.policies.flatMap((policy) => {
      const found = there.findIndex((one) => who(policyOf(one)) === who(policy));
      const mask = found < 0 ? undefined : child(there.splice(found, 1)[0] as XmlElement, "CLOS_MASK");
      return mask && mask.value !== policy.mask ? setText(doc, mask, policy.mask) : [];
    });
  });
  return applyEdits(text, edits);
}

/** Nothing changes where the policies say what is wanted, whatever else stands among them. */
function policiesOf(text: string, file: string, wanted: AllocationValue): string {
  const { doc, region } = opened(text, file);
  const at = allocationFor(region, wanted);
  if (!at || key(allocationOf(at)) === key(wanted)) return text;
  const entry = (each: XmlElement) => (each.name === "POLICY" ? key(policyOf(each)) : each.name);
  const head = at.children.filter(({ name }) => name !== "POLICY").map(({ name }) => ({ key: name, spec: { name } }));
  const list = wanted.policies.map((policy) => ({ key: key(policy), spec: policySpec(policy) }));
  return rewriteList(doc, at, entry, [...head, ...list]);
}

function allocationFor(region: XmlElement, { level, id }: AllocationValue): XmlElement | undefined {
  return childrenNamed(region, "CACHE_ALLOCATION").find((at) => {
    const there = allocationOf(at);
    return there.level === level && there.id === id;
  });
}

function who({ vm, vcpu, type }: PolicyValue): string {
  return JSON.stringify([vm, vcpu, type]);
}

/** Entries with the same key say the same. */
function key(x: PolicyValue | AllocationValue): string {
  if ("mask" in x) return JSON.stringify([x.vm, x.vcpu, x.type, x.mask]);
  return JSON.stringify([x.level, x.id, x.policies.map(key)]);
}
