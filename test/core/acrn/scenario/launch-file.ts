import { readVmConfig } from "../../../../provider/core/acrn/scenario";

export const FILE = "s.xml";

const region = (name: string, by: string, size: string, vms: [string, string][], id = "") =>
  `<IVSHMEM_REGION><NAME>${name}</NAME>${by && `<PROVIDED_BY>${by}</PROVIDED_BY>`}<IVSHMEM_SIZE>${size}</IVSHMEM_SIZE>${id && `<IVSHMEM_REGION_ID>${id}</IVSHMEM_REGION_ID>`}<IVSHMEM_VMS>${vms.map(([vm, vbdf]) => `<IVSHMEM_VM><VM_NAME>${vm}</VM_NAME><VBDF>${vbdf}</VBDF></IVSHMEM_VM>`).join("")}</IVSHMEM_VMS></IVSHMEM_REGION>`;
const connection = (type: string, vbdf: string, vm = "RT") =>
  `<vuart_connection><name>c</name><type>${type}</type><endpoint><vm_name>S</vm_name><vbdf>00:10.0</vbdf></endpoint><endpoint><vm_name>${vm}</vm_name><vbdf>${vbdf}</vbdf></endpoint></vuart_connection>`;

const HV = [
  "<FEATURES><SCHEDULER>SCHED_NOOP</SCHEDULER><IVSHMEM>",
  region("of_hv", "Hypervisor", "4", [
    ["S", "00:08.0"],
    ["RT", "00:09.0"],
  ]),
  region("of_dm", "Device Model", "2", [["RT", "00:0a.0"]], "7"),
  region("by_default", "", "2", [["RT", "00:0f.0"]]),
  region("of_others", "Hypervisor", "2", [["S", "00:0b.0"]]),
  "</IVSHMEM></FEATURES><vuart_connections>",
  connection("legacy", "00:01.0"),
  connection("pci", "00:0c.0", "OTHER"),
  connection("pci", "00:11.0"),
  "</vuart_connections>",
].join("");

/** A scenario with one post-launched VM `RT`, and an `hv` that reserves slots for it. */
export const scenario = (vm: string) =>
  `<acrn-config><hv>${HV}</hv><vm id="0"><load_order>SERVICE_VM</load_order><name>S</name></vm><vm id="1"><load_order>POST_LAUNCHED_VM</load_order><name>RT</name>${vm}</vm></acrn-config>`;
export const virtio = (inner: string) => scenario(`<virtio_devices>${inner}</virtio_devices>`);
/** What the shared memory and vUARTs of its `hv` give the VM `RT`. */
export const reserved = [
  { kind: "ivshmem", region: "dm:/of_dm,2,7", slot: 10 },
  { kind: "ivshmem", region: "hv:/of_hv,4", slot: 8 },
  { kind: "ivshmem", region: "hv:/by_default,2", slot: 15 },
  { kind: "vuart", index: 2, slot: 17 },
];
/** The devices behind those. */
export const devicesOf = (text: string) => readVmConfig(text, FILE, "RT").devices.slice(reserved.length);
