import type { Dialect } from "../types";
import { childField, type VmField } from "./child-field";
import { closField, guestFlagField } from "./guest-flags";
import { booleanField, leafField } from "./leaf-field";
import { memoryField } from "./memory-field";
import { pciDevsField } from "./pci-devs";
import { virtioField } from "./virtio-field";
import type { VmPlace } from "./vm-place";

/** The words behind `vm[NAME]/`. */
export type VmFieldName =
  | "cpu_affinity"
  | "vm_type"
  | "lapic_passthrough"
  | "memory"
  | "vbootloader"
  | "vuart0"
  | "PTM"
  | "pci_devs"
  | "virtio_devices"
  | "clos";

/** Only these kinds of VM may have the element: elsewhere it is a syntax error (reference, section 2). */
const postLaunched = ({ view }: VmPlace) => (view.load === "post-launched" ? undefined : "is no post-launched VM");
const noService = ({ view }: VmPlace) => (view.load === "service" ? "is the Service VM" : undefined);
const anyVm = () => undefined;

const IN_LAUNCH_FILE = "ACRN 2.x has it in the launch script, not in the scenario";

/** `true`: a real-time VM. The words of 2.x hold the load order too, so another word of the same order takes its place. */
const typeOf3x = leafField({
  element: "vm_type",
  bars: noService,
  parse: (text) => saysRealtime("3.x", text),
  print: (value) => (value === true ? "RTVM" : "STANDARD_VM"),
  takes: isBoolean,
  required: true,
});
const typeOf2x = leafField({
  element: "vm_type",
  bars: noService,
  parse: (text) => saysRealtime("2.x", text),
  print: (value, { view }) => `${view.load === "pre-launched" ? "PRE" : "POST"}_${value === true ? "RT" : "STD"}_VM`,
  takes: isBoolean,
  required: true,
});

/**
 * The fields of a VM but for its cores, by the word behind `vm[NAME]/`. A map, because the words come from a ledger.
 * Elements and defaults: [3.4-dev misc/config_tools/schema/config.xsd VMConfigType], [v2.5 the same].
 */
export const vmFields: ReadonlyMap<string, VmField> = new Map<VmFieldName, VmField>([
  ["vm_type", childField("vm_type", { "3.x": typeOf3x, "2.x": typeOf2x })],
  [
    "lapic_passthrough",
    childField("lapic_passthrough", {
      "3.x": booleanField("lapic_passthrough", false, anyVm),
      "2.x": guestFlagField("GUEST_FLAG_LAPIC_PASSTHROUGH"),
    }),
  ],
  ["memory", childField("memory", { "3.x": memoryField(noService), "2.x": IN_LAUNCH_FILE })],
  [
    "vbootloader",
    childField("vbootloader", { "3.x": booleanField("vbootloader", true, postLaunched), "2.x": IN_LAUNCH_FILE }),
  ],
  ["vuart0", childField("vuart0", { "3.x": booleanField("vuart0", false, postLaunched), "2.x": IN_LAUNCH_FILE })],
  [
    "PTM",
    childField("PTM", { "3.x": booleanField("PTM", true, noService), "2.x": booleanField("PTM", false, noService) }),
  ],
  ["pci_devs", childField("pci_devs", { "3.x": pciDevsField(noService), "2.x": IN_LAUNCH_FILE })],
  ["virtio_devices", childField("virtio_devices", { "3.x": virtioField(postLaunched), "2.x": IN_LAUNCH_FILE })],
  [
    "clos",
    childField("clos", { "3.x": "ACRN 3.x has its classes of service in hv/CACHE_REGION", "2.x": closField(anyVm) }),
  ],
]);

/** By the type alone: 2.x can say it by a guest flag too, which is no field of ours. */
export function saysRealtime(dialect: Dialect, type: string): boolean {
  return dialect === "3.x" ? type === "RTVM" : /^(PRE|POST)_RT_VM$/.test(type);
}

function isBoolean(value: unknown): boolean {
  return typeof value === "boolean";
}
