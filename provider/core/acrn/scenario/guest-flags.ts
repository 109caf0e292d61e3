import type { FieldValue } from "../../claims/types";
import { trimSpace, type XmlElement } from "../../xml";
import type { ChildKind } from "./child-field";
import { listField } from "./list-field";
import { rewriteList } from "./rewrite-list";

/** Each of these says that there is none [v2.5 schema/VMtypes.xsd GuestFlagsOptionsType]. */
const NONE = ["", "0", "0UL"];

/** One of the flags of a 2.x VM as a boolean; the others stay. Without any the list says `0`, as ACRN's own files do. */
export function guestFlagField(flag: string): ChildKind {
  const wanted = (flags: readonly string[]) =>
    (flags.length > 0 ? flags : ["0"]).map((each) => ({ key: each, spec: { name: "guest_flag", text: each } }));
  return {
    element: "guest_flags",
    bars: () => undefined,
    value: (_place, element) => flagsOf(element).includes(flag),
    spec: (_place, value) => ({
      name: "guest_flags",
      children: wanted(value === true ? [flag] : []).map((w) => w.spec),
    }),
    rewrite: ({ doc }, element, value) => {
      const others = flagsOf(element).filter((each) => each !== flag);
      return rewriteList(doc, element, textOf, wanted(value === true ? [...others, flag] : others));
    },
    takes: (value) => typeof value === "boolean",
    rest: (_place, element) =>
      flagsOf(element)
        .filter((each) => each !== flag)
        .sort()
        .join(),
    required: true,
  };
}

/**
 * 2.x `clos`: the class of service of each vCPU, in their order. With RDT on ACRN refuses a VM whose list is not as long as its list of
 * pCPUs [v2.5 misc/config_tools/library/scenario_cfg_lib.py vcpu_clos_check].
 */
export function closField(bars: ChildKind["bars"]): ChildKind {
  const list = listField({
    element: "clos",
    bars,
    entry: (element) => (/^\d{1,3}$/.test(textOf(element)) ? Number(textOf(element)) : textOf(element)),
    spec: (value: FieldValue) => ({ name: "vcpu_clos", text: String(value) }),
    takes: (value) => typeof value === "number" || typeof value === "string",
  });
  return { ...list, required: true };
}

function flagsOf(element: XmlElement): string[] {
  return element.children.map(textOf).filter((text) => !NONE.includes(text));
}

function textOf(element: XmlElement): string {
  return trimSpace(element.value);
}
