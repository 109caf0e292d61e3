import type { PolicySpec, RdtSpec, ScenarioSpec, VmSpec } from "./spec";
import { comment, el, fields, type XmlElementNode, type XmlNode } from "./xml-writer";

export type NamedVm = Omit<VmSpec, "name"> & { id: number; name: string | undefined };

/** The children of the root in the 3.x dialect [3.4-dev misc/config_tools/schema, shipped data]. */
export function scenarioParts3x(spec: ScenarioSpec, vms: NamedVm[], version: string): XmlNode[] {
  return [hypervisor(spec, version), ...vms.map((vm) => vmElement(spec, vm, version))];
}

function hypervisor(spec: ScenarioSpec, version: string): XmlElementNode {
  const debug = { SERIAL_CONSOLE: "/dev/ttyS0", MEM_LOGLEVEL: 5, NPK_LOGLEVEL: 5, CONSOLE_LOGLEVEL: 3 };
  const parts: XmlNode[] = [
    el("BUILD_TYPE", "debug"),
    el("FEATURES", features(spec, version)),
    el("vuart_connections"),
    el("DEBUG_OPTIONS", fields(debug)),
    el("MEMORY", fields({ STACK_SIZE: "0x2000" })),
    el(
      "CAPACITIES",
      fields({
        MAX_VM_NUM: 16,
        MAX_IOAPIC_NUM: 1,
        MAX_PCI_DEV_NUM: 96,
        MAX_IOAPIC_LINES: 120,
        MAX_PT_IRQ_ENTRIES: 256,
      }),
    ),
    el("MISC_CFG", fields({ GPU_SBDF: "0x00000010" })),
  ];
  const allocations = spec.rdt?.allocations ?? [];
  if (allocations.length > 0) parts.push(el("CACHE_REGION", allocations.map(allocation)));
  return el("hv", parts);
}

/** What tells the versions of the dialect apart: v3.0 has MCE_ON_PSC_DISABLED and ENFORCE_TURNOFF_*, later ones their inverses. */
function features(spec: ScenarioSpec, version: string): XmlNode[] {
  const late = version === "3.3";
  return [
    ...fields({ RELOC_ENABLED: "y", SCHEDULER: spec.scheduler ?? "SCHED_BVT", MULTIBOOT2_ENABLED: "y" }),
    ...(late ? fields({ SERVICE_VM_SUPERVISOR_ENABLED: "n" }) : []),
    ...fields(
      late
        ? { SPLIT_LOCK_DETECTION_ENABLED: "n", UC_LOCK_DETECTION_ENABLED: "n" }
        : { ENFORCE_TURNOFF_AC: "y", ENFORCE_TURNOFF_GP: "n" },
    ),
    ...fields({ SECURITY_VM_FIXUP: "n" }),
    ...(spec.comments ? [comment("cache ways are agreed with the vision team")] : []),
    el("RDT", switches(spec.rdt)),
    ...fields({ HYPERV_ENABLED: "y", IOMMU_ENFORCE_SNP: "n", ACPI_PARSE_ENABLED: "y", L1D_VMENTRY_ENABLED: "n" }),
    ...fields(late ? { MCE_ON_PSC_ENABLED: "y" } : { MCE_ON_PSC_DISABLED: "n" }),
    ...(late ? fields({ VUART_TIMER_PCPU: 0, CPU_PERFORMANCE_POLICY: "Performance" }) : []),
  ];
}

function switches(rdt: RdtSpec | undefined): XmlNode[] {
  return fields({ RDT_ENABLED: yn(rdt?.enabled), CDP_ENABLED: yn(rdt?.cdp), VCAT_ENABLED: yn(rdt?.vcat) });
}

/** A sequence in the schema: this order is not free. */
function allocation({ level, id, policies }: NonNullable<RdtSpec["allocations"]>[number]): XmlElementNode {
  return el("CACHE_ALLOCATION", [...fields({ CACHE_ID: id, CACHE_LEVEL: level }), ...policies.map(policy)]);
}

function policy({ vm, vcpu, type = "Unified", mask }: PolicySpec): XmlElementNode {
  return el("POLICY", fields({ VM: vm, VCPU: vcpu, TYPE: type, CLOS_MASK: mask }));
}

const LOAD_ORDER = {
  "pre-rt": "PRE_LAUNCHED_VM",
  pre: "PRE_LAUNCHED_VM",
  service: "SERVICE_VM",
  "post-rt": "POST_LAUNCHED_VM",
  post: "POST_LAUNCHED_VM",
} as const;

function vmElement(spec: ScenarioSpec, vm: NamedVm, version: string): XmlElementNode {
  const realtime = vm.kind === "pre-rt" || vm.kind === "post-rt";
  const load = LOAD_ORDER[vm.kind];
  const parts: XmlNode[] = [
    ...fields({ load_order: load, vm_type: realtime ? "RTVM" : "STANDARD_VM", name: vm.name ?? `VM${vm.id}` }),
    ...(spec.comments ? [comment(`line ${vm.id + 1} of the cell`)] : []),
  ];
  if (vm.lapic ?? realtime) parts.push(el("lapic_passthrough", "y"));
  if (vm.ownPcpu !== undefined && version === "3.3") parts.push(el("own_pcpu", yn(vm.ownPcpu)));
  if (load !== "SERVICE_VM") parts.push(affinity(vm, realtime), memory(vm, load === "PRE_LAUNCHED_VM"));
  parts.push(el("console_vuart", "COM Port 1"));
  if (load !== "POST_LAUNCHED_VM") parts.push(osConfig(vm));
  if (vm.pci?.length)
    parts.push(
      el(
        "pci_devs",
        vm.pci.map((text) => el("pci_dev", text)),
      ),
    );
  if (load === "POST_LAUNCHED_VM") parts.push(...postLaunched(vm));
  parts.push(...fields({ priority: "PRIO_LOW", companion_vmid: 65535 }));
  return el("vm", parts, { id: `${vm.id}` });
}

function affinity(vm: NamedVm, realtime: boolean): XmlElementNode {
  return el(
    "cpu_affinity",
    vm.cpus.map((cpu) => el("pcpu", fields({ pcpu_id: cpu, real_time_vcpu: yn(realtime) }))),
  );
}

function memory(vm: NamedVm, preLaunched: boolean): XmlElementNode {
  const size = vm.memoryMb ?? 1024;
  const region = el(
    "hpa_region",
    fields({ start_hpa: `0x${(0x1_0000_0000 + vm.id * 0x1_0000_0000).toString(16)}`, size_hpa: size }),
  );
  return el("memory", [...fields({ size }), ...(preLaunched ? [region] : [])]);
}

function osConfig(vm: NamedVm): XmlElementNode {
  const service = vm.kind === "service";
  const tag = service ? "Linux_bzImage" : `VM${vm.id}_bzImage`;
  const bootargs = service
    ? "rw rootwait root=/dev/nvme0n1p3 console=ttyS0 quiet"
    : "rw root=/dev/sda3 console=ttyS0 no_timer_check";
  return el("os_config", fields({ kern_type: "KERNEL_BZIMAGE", kern_mod: tag, bootargs }));
}

function postLaunched(vm: NamedVm): XmlNode[] {
  const network = el(
    "network",
    fields({ virtio_framework: "Kernel based (Virtual Host)", interface_name: `tap${vm.id}` }),
  );
  return [
    ...fields({ PTM: "n", os_type: "Non-Windows OS", vbootloader: "y", vuart0: "n" }),
    el("virtio_devices", [
      el("console", fields({ use_type: "Virtio console", backend_type: "stdio" })),
      network,
      el("block", `./vm${vm.id}.img`),
    ]),
  ];
}

function yn(value: boolean | undefined): "y" | "n" {
  return value ? "y" : "n";
}
