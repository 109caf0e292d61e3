import type { NamedVm } from "./scenario-3x";
import type { ScenarioSpec } from "./spec";
import { comment, el, fields, type XmlElementNode, type XmlNode } from "./xml-writer";

/** The children of the root in the 2.x dialect [v2.5, v2.7 misc/config_tools/schema, shipped data of v2.5]. */
export function scenarioParts2x(spec: ScenarioSpec, vms: NamedVm[], version: string): XmlNode[] {
  const serviceId = Math.max(
    0,
    vms.findIndex((vm) => vm.kind === "service"),
  );
  return [hypervisor(spec, version), ...vms.map((vm) => vmElement(spec, vm, version, serviceId))];
}

function hypervisor(spec: ScenarioSpec, version: string): XmlElementNode {
  const debug = { RELEASE: "n", SERIAL_CONSOLE: "/dev/ttyS0", MEM_LOGLEVEL: 5, NPK_LOGLEVEL: 5, CONSOLE_LOGLEVEL: 3 };
  const memory = {
    STACK_SIZE: "0x2000",
    HV_RAM_SIZE: "",
    HV_RAM_START: "",
    LOW_RAM_SIZE: "0x00010000",
    PLATFORM_RAM_SIZE: "0x400000000",
  };
  const capacities = {
    IOMMU_BUS_NUM: "0x100",
    MAX_IR_ENTRIES: 256,
    MAX_IOAPIC_NUM: 1,
    MAX_PCI_DEV_NUM: 96,
    MAX_EMULATED_MMIO: 16,
  };
  return el("hv", [
    el("DEBUG_OPTIONS", fields({ ...debug, LOG_DESTINATION: 7, LOG_BUF_SIZE: "0x40000" })),
    el("FEATURES", features(spec, version)),
    el("MEMORY", fields(memory)),
    el("CAPACITIES", fields(capacities)),
    el("MISC_CFG", fields({ GPU_SBDF: "0x00000010" })),
  ]);
}

function features(spec: ScenarioSpec, version: string): XmlNode[] {
  return [
    ...fields({ RELOC: "y", SCHEDULER: spec.scheduler ?? "SCHED_BVT", MULTIBOOT2: "y", ENFORCE_TURNOFF_AC: "y" }),
    ...(spec.comments ? [comment("masks by CLOS: 0 housekeeping, 1 real time")] : []),
    el("RDT", rdt(spec, version)),
    ...fields({
      NVMX_ENABLED: "n",
      HYPERV_ENABLED: "y",
      IOMMU_ENFORCE_SNP: "n",
      ACPI_PARSE_ENABLED: "y",
      L1D_VMENTRY_ENABLED: "n",
    }),
    ...fields({ MCE_ON_PSC_DISABLED: "n" }),
    el("IVSHMEM", fields({ IVSHMEM_ENABLED: "n", IVSHMEM_REGION: "" })),
  ];
}

/** One list of masks for all caches; its position is the CLOS id. VCAT_ENABLED came with v2.7. */
function rdt({ rdt: spec }: ScenarioSpec, version: string): XmlNode[] {
  return [
    ...fields({ RDT_ENABLED: spec?.enabled ? "y" : "n", CDP_ENABLED: spec?.cdp ? "y" : "n" }),
    ...(version === "2.7" ? fields({ VCAT_ENABLED: spec?.vcat ? "y" : "n" }) : []),
    ...(spec?.masks ?? []).map((mask) => el("CLOS_MASK", mask)),
    ...(spec?.mbaDelays ?? []).map((delay) => el("MBA_DELAY", delay)),
  ];
}

function vmElement(spec: ScenarioSpec, vm: NamedVm, version: string, serviceId: number): XmlElementNode {
  const post = vm.kind === "post" || vm.kind === "post-rt";
  const parts: XmlNode[] = [el("vm_type", vmType(vm.kind, version))];
  if (vm.name !== undefined) parts.push(el("name", vm.name));
  if (spec.comments) parts.push(comment(`line ${vm.id + 1} of the cell`));
  parts.push(
    guestFlags(vm),
    el(
      "cpu_affinity",
      vm.cpus.map((cpu) => el("pcpu_id", cpu)),
    ),
  );
  parts.push(
    el(
      "clos",
      (vm.clos ?? vm.cpus.map(() => 0)).map((clos) => el("vcpu_clos", clos)),
    ),
  );
  if (vm.kind !== "service") parts.push(el("epc_section", fields({ base: 0, size: 0 })));
  if (!post) parts.push(memory(vm), osConfig(vm));
  parts.push(...vuarts(vm, serviceId));
  if (!post) parts.push(el("pci_devs", vm.pci?.length ? vm.pci.map((text) => el("pci_dev", text)) : [el("pci_dev")]));
  if (vm.kind === "service")
    parts.push(el("board_private", fields({ rootfs: "/dev/nvme0n1p3", bootargs: "rw rootwait console=tty0 quiet" })));
  if (post) parts.push(el("PTM", "n"));
  return el("vm", parts, { id: `${vm.id}` });
}

function vmType(kind: NamedVm["kind"], version: string): string {
  if (kind === "service") return version === "2.7" ? "SERVICE_VM" : "SOS_VM";
  return { "pre-rt": "PRE_RT_VM", pre: "PRE_STD_VM", "post-rt": "POST_RT_VM", post: "POST_STD_VM" }[kind];
}

function guestFlags(vm: NamedVm): XmlElementNode {
  const realtime = vm.kind === "pre-rt" || vm.kind === "post-rt";
  const flags = [
    ...((vm.lapic ?? realtime) ? ["GUEST_FLAG_LAPIC_PASSTHROUGH"] : []),
    ...(realtime ? ["GUEST_FLAG_RT"] : []),
  ];
  return el(
    "guest_flags",
    (flags.length > 0 ? flags : ["0"]).map((flag) => el("guest_flag", flag)),
  );
}

function memory(vm: NamedVm): XmlElementNode {
  if (vm.kind === "service") return el("memory", fields({ start_hpa: 0 }));
  const size = `0x${((vm.memoryMb ?? 1024) * 1048576).toString(16)}`;
  const start = `0x${(0x1_0000_0000 + vm.id * 0x1_0000_0000).toString(16)}`;
  return el("memory", fields({ start_hpa: start, size, start_hpa2: "0x0", size_hpa2: "0x0" }));
}

function osConfig(vm: NamedVm): XmlElementNode {
  const service = vm.kind === "service";
  return el("os_config", [
    ...fields({ name: service ? "Service OS" : "PREEMPT-RT", kern_type: "KERNEL_BZIMAGE" }),
    ...fields({ kern_mod: service ? "Linux_bzImage" : "RT_bzImage", ramdisk_mod: "" }),
    ...fields({ bootargs: service ? "SOS_VM_BOOTARGS" : "rw root=/dev/sda3 console=ttyS0 isolcpus=nohz,domain,1" }),
  ]);
}

function vuarts(vm: NamedVm, serviceId: number): XmlNode[] {
  const prefix = vm.kind === "service" ? "SOS_" : "";
  const port = (com: number) => ({
    type: "VUART_LEGACY_PIO",
    base: `${prefix}COM${com}_BASE`,
    irq: `${prefix}COM${com}_IRQ`,
  });
  const target = { target_vm_id: vm.kind === "service" ? 0 : serviceId, target_uart_id: 1 };
  return [
    el("legacy_vuart", fields(port(1)), { id: "0" }),
    el("legacy_vuart", fields({ ...port(2), base: "INVALID_COM_BASE", ...target }), { id: "1" }),
    el("console_vuart", fields({ base: "INVALID_PCI_BASE" }), { id: "0" }),
    el("communication_vuart", fields({ base: "INVALID_PCI_BASE", ...target }), { id: "1" }),
  ];
}
